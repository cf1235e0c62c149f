import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Catalog } from '../contracts/catalog';
import type { ClassFacts, Exploration, SeasonFacts, SiteFacts, SplitFacts } from '../contracts/exploration';
import type { WorkOptions } from '../contracts/progress';
import type { IndexSummary } from '../contracts/steps';
import { Database, quotedList } from './database';
import { parquet } from './parquet';
import { SEQUENCES_FILE, SUMMARY_FILE } from './seasonTables';

/** A season's index. */
export interface SeasonIndex {
  readonly season: string;
  readonly directory: string;
}

export interface ExploreInput {
  readonly indexes: readonly SeasonIndex[];
  readonly catalog: Pick<Catalog, 'name' | 'classes' | 'emptyClass'>;
  /** Which of the seasons train and which validate. */
  readonly split?:
    { readonly trainSeasons: readonly string[]; readonly validationSeasons: readonly string[] } | undefined;
}

const HOURS = 24;

/** Adds up what the indexes say. Seconds for millions of sequences. */
export async function exploreIndex(
  { indexes, catalog, split }: ExploreInput,
  { signal }: WorkOptions = {},
): Promise<Exploration> {
  const summaries = await Promise.all(indexes.map(readSummary));
  return await Database.use({ signal }, async (database) => {
    await makeTables(database, indexes, catalog.emptyClass);
    const { undatedSequences } = await database.row<{ undatedSequences: number }>(
      'SELECT count(*) AS "undatedSequences" FROM sequences WHERE datetime IS NULL',
    );
    return {
      catalog: catalog.name,
      classes: catalog.classes,
      emptyClass: catalog.emptyClass,
      seasons: await seasonFacts(database, summaries),
      framesPerSequence: await database.rows(
        'SELECT frames, count(*) AS sequences FROM sequences GROUP BY frames ORDER BY frames',
      ),
      speciesPerSequence: await database.rows(
        `SELECT if(empty, 0, len(labels)) AS species, count(*) AS sequences FROM sequences WHERE len(labels) > 0
         GROUP BY species ORDER BY species`,
      ),
      perClass: await classFacts(database, catalog.classes),
      sites: await database.rows<SiteFacts>(
        `SELECT site, sum(frames)::BIGINT AS frames, count(*) AS sequences, count(*) FILTER (empty) AS empties,
           coalesce(len(list_distinct(flatten(list(labels) FILTER (NOT empty)))), 0) AS species,
           list_sort(list(DISTINCT season)) AS seasons
         FROM sequences GROUP BY site ORDER BY site`,
      ),
      undatedSequences,
      ...(split === undefined ? {} : { split: await splitFacts(database, catalog.classes, split) }),
    };
  });
}

async function readSummary({ directory }: SeasonIndex): Promise<IndexSummary> {
  return JSON.parse(await readFile(join(directory, SUMMARY_FILE), 'utf8')) as IndexSummary;
}

async function makeTables(database: Database, indexes: readonly SeasonIndex[], emptyClass: string): Promise<void> {
  const all = indexes.map(({ directory }) => `SELECT * FROM ${parquet(join(directory, SEQUENCES_FILE))}`);
  await database.run(`CREATE TABLE sequences AS
    SELECT season, site, frames, datetime, labels, labels = ${quotedList([emptyClass])} AS empty
    FROM (${all.join(' UNION ALL ')})`);
  await database.run(`CREATE TABLE shown AS
    SELECT season, site, hour(datetime) AS hour, strftime(datetime, '%Y-%m') AS month, unnest(labels) AS class
    FROM sequences`);
}

async function seasonFacts(database: Database, summaries: readonly IndexSummary[]): Promise<SeasonFacts[]> {
  const dates = await database.rows<{ season: string; first: string; last: string }>(
    `SELECT season, strftime(min(datetime), '%Y-%m-%d') AS first, strftime(max(datetime), '%Y-%m-%d') AS last
     FROM sequences WHERE datetime IS NOT NULL GROUP BY season`,
  );
  return summaries.map((summary) => {
    const { first, last } = dates.find(({ season }) => season === summary.season) ?? {};
    return { ...summary, ...(first === undefined || last === undefined ? {} : { first, last }) };
  });
}

async function classFacts(database: Database, classes: readonly string[]): Promise<ClassFacts[]> {
  const totals = await database.rows<{ class: string; sequences: number; sites: number }>(
    'SELECT class, count(*) AS sequences, count(DISTINCT site) AS sites FROM shown GROUP BY class',
  );
  const perSeason = await countsBy(database, 'season');
  const perHour = await countsBy(database, 'hour');
  const perMonth = await countsBy(database, 'month');
  return classes.map((className) => {
    const { sequences = 0, sites = 0 } = totals.find((row) => row.class === className) ?? {};
    const hours = perHour.get(className) ?? {};
    return {
      className,
      sequences,
      perSeason: perSeason.get(className) ?? {},
      sites,
      hours: Array.from({ length: HOURS }, (_, hour) => hours[hour] ?? 0),
      months: perMonth.get(className) ?? {},
    };
  });
}

/** Class → value of a column of `shown`, ascending → sequences. */
async function countsBy(database: Database, column: string): Promise<Map<string, Record<string, number>>> {
  const rows = await database.rows<{ class: string; value: string; sequences: number }>(
    `SELECT class, ${column}::VARCHAR AS value, count(*) AS sequences FROM shown WHERE ${column} IS NOT NULL
     GROUP BY ALL ORDER BY value`,
  );
  const counts = new Map<string, Record<string, number>>();
  for (const { class: className, value, sequences } of rows) {
    counts.set(className, { ...counts.get(className), [value]: sequences });
  }
  return counts;
}

async function splitFacts(
  database: Database,
  classes: readonly string[],
  { trainSeasons, validationSeasons }: NonNullable<ExploreInput['split']>,
): Promise<SplitFacts> {
  const sides = (column: string): Promise<{ value: string; trained: boolean; validated: boolean }[]> =>
    database.rows(
      `SELECT ${column} AS value, bool_or(list_contains(${quotedList(trainSeasons)}, season)) AS trained,
         bool_or(list_contains(${quotedList(validationSeasons)}, season)) AS validated
       FROM shown GROUP BY value ORDER BY value`,
    );
  const sites = await sides('site');
  const seen = await sides('class');
  const onlyIn = (side: 'trained' | 'validated'): string[] => {
    const other = side === 'trained' ? 'validated' : 'trained';
    return classes.filter((name) => seen.some((row) => row.value === name && row[side] && !row[other]));
  };
  return {
    trainSeasons,
    validationSeasons,
    sharedSites: sites.filter(({ trained, validated }) => trained && validated).map(({ value }) => value),
    trainOnlySites: sites.filter(({ trained, validated }) => trained && !validated).length,
    validationOnlySites: sites.filter(({ trained, validated }) => validated && !trained).length,
    trainOnlyClasses: onlyIn('trained'),
    validationOnlyClasses: onlyIn('validated'),
  };
}
