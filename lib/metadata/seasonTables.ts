import { join } from 'node:path';
import type { Catalog } from '../contracts/catalog';
import type { IndexSummary } from '../contracts/steps';
import { checkConsistency, loadEntries } from './archiveEntries';
import { quoted, quotedList, type Database } from './database';
import { rejectRows, type Staged } from './formats/staging';
import { copyToParquet } from './parquet';
import { resolvePatterns } from './patterns';
import { Rejections } from './rejections';

export const FRAMES_FILE = 'frames.parquet';
export const SEQUENCES_FILE = 'sequences.parquet';
export const REJECTED_FILE = 'rejected.csv';

export interface SeasonTablesInput {
  readonly season: string;
  readonly catalog: Catalog;
  readonly entriesCsv?: string | undefined;
  /** Where the files go. */
  readonly directory: string;
}

/** Writes one season's tables from what was staged. */
export async function writeSeasonTables(
  database: Database,
  staged: Staged,
  rejections: Rejections,
  { season, catalog, entriesCsv, directory }: SeasonTablesInput,
): Promise<IndexSummary> {
  await loadEntries(database, entriesCsv);
  await makeSeasonFrames(database, season, entriesCsv !== undefined);
  if (entriesCsv !== undefined) await checkConsistency(database, season);
  await makeSeasonSequences(database, season, catalog, staged);

  await copyToParquet(
    database,
    `SELECT ${quoted(season)} AS season, * FROM season_frames ORDER BY sequence, rank`,
    join(directory, FRAMES_FILE),
  );
  await copyToParquet(
    database,
    `SELECT ${quoted(season)} AS season, * FROM season_sequences ORDER BY sequence`,
    join(directory, SEQUENCES_FILE),
  );
  await rejections.write(join(directory, REJECTED_FILE));
  return await summarize(database, season, catalog, rejections);
}

/** `season_frames`: the season's frames with their rank, and whether the archive has them. */
async function makeSeasonFrames(database: Database, season: string, hasArchive: boolean): Promise<void> {
  const inArchive = hasArchive ? 'entries.name IS NOT NULL' : 'true';
  await database.run(`CREATE OR REPLACE TEMP TABLE season_frames AS
    SELECT sequence, site, roll, file_name,
      (row_number() OVER (PARTITION BY sequence ORDER BY position NULLS LAST, file_name))::INTEGER AS rank,
      (count(*) OVER (PARTITION BY sequence))::INTEGER AS frames_in_sequence,
      datetime, width, height, corrupt, ${inArchive} AS in_archive, entries.bytes AS bytes
    FROM frames LEFT JOIN entries ON entries.name = file_name
    WHERE season = ${quoted(season)}`);
}

/** `season_sequences`: the season's sequences with their labels; none where no class is left. */
async function makeSeasonSequences(
  database: Database,
  season: string,
  catalog: Catalog,
  staged: Staged,
): Promise<void> {
  await database.run(`CREATE OR REPLACE TEMP TABLE grouped AS
    SELECT sequence, min(site) AS site, count(*)::INTEGER AS frames,
      (count(*) FILTER (in_archive AND NOT corrupt))::INTEGER AS usable_frames, min(datetime) AS datetime
    FROM season_frames GROUP BY sequence`);
  const joined = `(SELECT label_sets.* FROM label_sets SEMI JOIN grouped USING (sequence)
    WHERE season IS NULL OR season = ${quoted(season)})`;
  await resolvePatterns(database, catalog, staged, joined);
  await database.run(`CREATE OR REPLACE TEMP TABLE season_sequences AS
    SELECT grouped.*, coalesce(labels, []) AS labels, coalesce(raw_labels, []) AS raw_labels
    FROM grouped LEFT JOIN ${joined} AS joined USING (sequence) LEFT JOIN patterns USING (pattern)`);
}

async function summarize(
  database: Database,
  season: string,
  { emptyClass }: Catalog,
  rejections: Rejections,
): Promise<IndexSummary> {
  const frames = await database.row<Pick<IndexSummary, 'frames' | 'framesNotInArchive' | 'corruptFrames'>>(
    `SELECT count(*) AS frames, count(*) FILTER (NOT in_archive) AS "framesNotInArchive",
       count(*) FILTER (corrupt) AS "corruptFrames" FROM season_frames`,
  );
  const sequences = await database.row<Pick<IndexSummary, 'sequences' | 'sites' | 'empties' | 'excludedSequences'>>(
    `SELECT count(*) AS sequences, count(DISTINCT site) AS sites,
       count(*) FILTER (labels = ${quotedList([emptyClass])}) AS empties,
       count(*) FILTER (len(labels) = 0) AS "excludedSequences" FROM season_sequences`,
  );
  const { filesNotInMetadata } = await database.row<{ filesNotInMetadata: number }>(
    `SELECT count(*) AS "filesNotInMetadata" FROM entries ANTI JOIN season_frames ON file_name = name`,
  );
  return { season, ...frames, ...sequences, filesNotInMetadata, rejectedRows: rejections.count };
}

/**
 * Moves rows that repeat an earlier one's key to the rejections.
 *
 * @param key - SQL: what must be unique within a season.
 * @throws SerengetiError METADATA_INVALID when they are too many
 */
export async function rejectRepeated(
  context: { readonly database: Database; readonly rejections: Rejections },
  table: 'frames' | 'label_sets',
  key: string,
  source: Staged['frameRows'],
): Promise<void> {
  const { database } = context;
  const { repeated } = await database.row<{ repeated: number }>(
    `SELECT count(*) - count(DISTINCT ${key}) AS repeated FROM ${table}`,
  );
  if (repeated === 0) return;
  await database.run(`CREATE OR REPLACE TEMP TABLE repeated AS
    SELECT ordinal FROM ${table} QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY ordinal) > 1`);
  await rejectRows(context, {
    table,
    source,
    problem: `if(ordinal IN (SELECT ordinal FROM repeated), ${quoted(`${key} is listed twice`)}, NULL)`,
    value: key,
  });
}
