import { join } from 'node:path';
import type { Catalog } from '../contracts/catalog';
import {
  SITES_LISTED,
  type ClassFacts,
  type Exploration,
  type PickFacts,
  type SeasonFacts,
  type SiteFacts,
} from '../contracts/exploration';
import type { WorkOptions } from '../contracts/progress';
import { Database, quotedList } from './database';
import { parquet } from './parquet';
import { PICKED_FRAMES_FILE } from './pick/pickFrames';
import { readPickCounts } from './readers';
import { FRAMES_FILE, SEQUENCES_FILE } from './seasonTables';

/** A season's index. */
export interface SeasonIndex {
  readonly season: string;
  readonly directory: string;
}

export interface ExploreInput {
  readonly indexes: readonly SeasonIndex[];
  readonly catalog: Catalog;
  /** Directory of a pick of these seasons. */
  readonly pick?: string | undefined;
}

const HOURS = 24;
const MONTHS = 12;
const TIME_FORMAT = '%Y-%m-%d %H:%M:%S';

/** Counts what there is in the indexes. Seconds for millions of sequences. */
export async function exploreIndex(
  { indexes, catalog, pick }: ExploreInput,
  { signal }: WorkOptions = {},
): Promise<Exploration> {
  return await Database.use({ signal }, async (database) => {
    await makeViews(database, indexes, catalog.emptyClass);
    return {
      emptyClass: catalog.emptyClass,
      seasons: await seasonFacts(database, indexes),
      framesPerSequence: await database.rows(
        'SELECT frames, count(*) AS sequences FROM sequences GROUP BY frames ORDER BY frames',
      ),
      speciesPerSequence: await database.rows(
        `SELECT if(empty, 0, len(labels)) AS species, count(*) AS sequences FROM sequences WHERE len(labels) > 0
         GROUP BY species ORDER BY species`,
      ),
      classes: await classFacts(database, indexes, catalog),
      timeline: await database.rows(
        `SELECT strftime(datetime, '%Y-%m') AS month, count(*) AS sequences, count(*) FILTER (animal) AS animals
         FROM sequences WHERE datetime IS NOT NULL GROUP BY month ORDER BY month`,
      ),
      ...(await siteFacts(database)),
      undatedSequences: (
        await database.row<{ undated: number }>('SELECT count(*) AS undated FROM sequences WHERE datetime IS NULL')
      ).undated,
      ...(pick === undefined ? {} : { pick: await pickFacts(database, pick) }),
    };
  });
}

async function makeViews(database: Database, indexes: readonly SeasonIndex[], emptyClass: string): Promise<void> {
  const all = (file: string): string =>
    indexes.map(({ directory }) => `SELECT * FROM ${parquet(join(directory, file))}`).join(' UNION ALL ');
  await database.run(`CREATE VIEW frames AS ${all(FRAMES_FILE)}`);
  await database.run(`CREATE TABLE sequences AS
    SELECT season, site, frames, usable_frames, datetime, labels, labels = ${quotedList([emptyClass])} AS empty,
      len(labels) > 0 AND NOT empty AS animal FROM (${all(SEQUENCES_FILE)})`);
}

async function seasonFacts(database: Database, indexes: readonly SeasonIndex[]): Promise<SeasonFacts[]> {
  const sequences = await database.rows<Omit<SeasonFacts, 'missingFrames' | 'corruptFrames'>>(
    `SELECT season, sum(frames)::BIGINT AS frames, count(*) AS sequences, count(DISTINCT site) AS sites,
       count(*) FILTER (empty) AS empties, count(*) FILTER (animal) AS animals,
       count(*) FILTER (len(labels) = 0) AS "excludedSequences",
       count(*) FILTER (usable_frames = 0) AS "unusableSequences",
       strftime(min(datetime), '${TIME_FORMAT}') AS "firstDate", strftime(max(datetime), '${TIME_FORMAT}') AS "lastDate"
     FROM sequences GROUP BY season`,
  );
  const frames = await database.rows<Pick<SeasonFacts, 'season' | 'missingFrames' | 'corruptFrames'>>(
    `SELECT season, count(*) FILTER (NOT in_archive) AS "missingFrames", count(*) FILTER (corrupt) AS "corruptFrames"
     FROM frames GROUP BY season`,
  );
  return indexes.map(({ season }) => {
    const { firstDate, lastDate, ...facts } = sequences.find((row) => row.season === season)!;
    const { missingFrames, corruptFrames } = frames.find((row) => row.season === season)!;
    const dates = firstDate && lastDate ? { firstDate, lastDate } : {};
    return { ...facts, missingFrames, corruptFrames, ...dates };
  });
}

async function classFacts(
  database: Database,
  indexes: readonly SeasonIndex[],
  { classes }: Catalog,
): Promise<ClassFacts[]> {
  await database.run(`CREATE TEMP TABLE shown AS
    SELECT season, site, frames, hour(datetime) AS hour, month(datetime) AS month, unnest(labels) AS class FROM sequences`);
  const totals = await database.rows<{ class: string; sequences: number; frames: number; sites: number }>(
    `SELECT class, count(*) AS sequences, sum(frames)::BIGINT AS frames, count(DISTINCT site) AS sites FROM shown
     GROUP BY class`,
  );
  const perSeason = await countsBy(database, 'season');
  const perHour = await countsBy(database, 'hour');
  const perMonth = await countsBy(database, 'month');
  const facts = classes.map((className): ClassFacts => {
    const total = totals.find((row) => row.class === className);
    const counts = (by: ReadonlyMap<string, number>, keys: readonly (string | number)[]): number[] =>
      keys.map((key) => by.get(`${className}\n${key}`) ?? 0);
    return {
      className,
      sequences: total?.sequences ?? 0,
      frames: total?.frames ?? 0,
      sites: total?.sites ?? 0,
      perSeason: counts(
        perSeason,
        indexes.map(({ season }) => season),
      ),
      hours: counts(
        perHour,
        Array.from({ length: HOURS }, (_, hour) => hour),
      ),
      months: counts(
        perMonth,
        Array.from({ length: MONTHS }, (_, month) => month + 1),
      ),
    };
  });
  return facts.sort((a, b) => b.sequences - a.sequences || (a.className < b.className ? -1 : 1));
}

/** Sequences by class and another column of `shown`; keys are the two, a line each. */
async function countsBy(database: Database, column: string): Promise<Map<string, number>> {
  const rows = await database.rows<{ class: string; value: string; sequences: number }>(
    `SELECT class, ${column}::VARCHAR AS value, count(*) AS sequences FROM shown WHERE ${column} IS NOT NULL GROUP BY ALL`,
  );
  return new Map(rows.map((row) => [`${row.class}\n${row.value}`, row.sequences]));
}

async function siteFacts(database: Database): Promise<Pick<Exploration, 'sites' | 'siteCount' | 'sharedSites'>> {
  await database.run(`CREATE TEMP TABLE sites AS
    SELECT site, season, count(*) AS sequences, count(*) FILTER (animal) AS animals FROM sequences GROUP BY ALL`);
  const sites = await database.rows<SiteFacts>(
    `SELECT site, sum(sequences)::BIGINT AS sequences, sum(animals)::BIGINT AS animals, count(*) AS seasons
     FROM sites GROUP BY site ORDER BY sequences DESC, site LIMIT ${SITES_LISTED}`,
  );
  const { siteCount } = await database.row<{ siteCount: number }>(
    'SELECT count(DISTINCT site) AS "siteCount" FROM sites',
  );
  const pairs = await database.rows<{ a: string; b: string; sites: number }>(
    `SELECT a.season AS a, b.season AS b, count(*) AS sites FROM sites a JOIN sites b USING (site)
     WHERE a.season < b.season GROUP BY ALL ORDER BY a, b`,
  );
  return {
    sites,
    siteCount,
    sharedSites: pairs.map(({ a, b, sites: shared }) => ({ seasons: [a, b], sites: shared })),
  };
}

async function pickFacts(database: Database, directory: string): Promise<PickFacts> {
  const source = parquet(join(directory, PICKED_FRAMES_FILE));
  const seasons = await database.rows<{ season: string; split: string }>(
    `SELECT DISTINCT season, split FROM ${source} ORDER BY season`,
  );
  const seasonsOf = (split: string): string[] =>
    seasons.filter((row) => row.split === split).map(({ season }) => season);
  return {
    trainSeasons: seasonsOf('train'),
    validationSeasons: seasonsOf('validation'),
    counts: await readPickCounts(directory),
  };
}
