import { join } from 'node:path';
import type { Catalog } from '../contracts/catalog';
import { SerengetiError } from '../contracts/errors';
import type { IndexSummary } from '../contracts/steps';
import { writeFileAtomic } from '../store/files';
import { checkConsistency, loadEntries } from './archiveEntries';
import { quoted, quotedList, type Database } from './database';
import { folderOf, isOfSeason, mayBeOfSeason, mustBeOfSeason, partsOfSequence } from './formats/names';
import type { SeasonScope, Staged, StagingContext } from './formats/staging';
import { copyToParquet } from './parquet';
import { resolvePatterns } from './patterns';
import { writeRejections } from './rejections';

export const FRAMES_FILE = 'frames.parquet';
export const SEQUENCES_FILE = 'sequences.parquet';
export const REJECTED_FILE = 'rejected.csv';
export const SUMMARY_FILE = 'summary.json';

export type TablesContext = Pick<StagingContext, 'database' | 'rejections' | 'onWarning'>;

export interface SeasonTablesInput {
  readonly season: string;
  readonly scope: SeasonScope;
  readonly catalog: Catalog;
  readonly entriesCsv?: string | undefined;
  /** Where the files go. */
  readonly directory: string;
}

/** Writes one season's tables from what was staged. */
export async function writeSeasonTables(
  { database, rejections, onWarning }: TablesContext,
  staged: Staged,
  input: SeasonTablesInput,
): Promise<IndexSummary> {
  const { season, catalog, entriesCsv, directory } = input;
  await loadEntries(database, entriesCsv);
  await makeSeasonFrames(database, input);
  await checkFrames(database, input, staged);
  await makeSeasonSequences(database, input, staged);
  await warnOfLostLabels(database, input, staged, onWarning);

  const inSeason = `SELECT ${quoted(season)} AS season, *`;
  await copyToParquet(database, `${inSeason} FROM season_frames ORDER BY sequence, rank`, join(directory, FRAMES_FILE));
  await copyToParquet(database, `${inSeason} FROM season_sequences ORDER BY sequence`, join(directory, SEQUENCES_FILE));
  const rejected = rejections.of(season);
  await writeRejections(join(directory, REJECTED_FILE), rejected);
  const summary = await summarize(database, season, catalog, rejected.length);
  await writeFileAtomic(join(directory, SUMMARY_FILE), `${JSON.stringify(summary, undefined, 2)}\n`);
  return summary;
}

/** `season_frames`: the season's frames with their rank, and whether the archive has them. */
async function makeSeasonFrames(database: Database, { season, scope, entriesCsv }: SeasonTablesInput): Promise<void> {
  const archive =
    entriesCsv !== undefined
      ? {
          columns: 'entries.name IS NOT NULL AS in_archive, entries.bytes',
          join: 'LEFT JOIN entries ON name = file_name',
        }
      : { columns: 'true AS in_archive, NULL::BIGINT AS bytes', join: '' };
  await database.run(`CREATE OR REPLACE TEMP TABLE season_frames AS
    SELECT sequence, CASE WHEN site <> '' THEN site WHEN parts.site <> '' THEN parts.site ELSE ${folderOf('file_name')} END AS site,
      nullif(parts.roll, '') AS roll, file_name,
      (row_number() OVER (PARTITION BY sequence ORDER BY position NULLS LAST, file_name))::INTEGER AS rank,
      (count(*) OVER (PARTITION BY sequence))::INTEGER AS frames_in_sequence,
      datetime, width, height, coalesce(corrupt, false) AS corrupt, ${archive.columns}
    FROM (SELECT *, ${partsOfSequence('sequence')} AS parts FROM frames WHERE ${isOfSeason(season, scope)})
    ${archive.join}`);
}

async function checkFrames(
  database: Database,
  { season, entriesCsv }: SeasonTablesInput,
  { frameRows }: Staged,
): Promise<void> {
  const { frames } = await database.row<{ frames: number }>('SELECT count(*) AS frames FROM season_frames');
  if (frames === 0) {
    throw new SerengetiError('METADATA_INCONSISTENT', `${frameRows.name} has no frame of season ${season}`, {
      details: { season },
    });
  }
  if (entriesCsv !== undefined) await checkConsistency(database, season);
}

/** `season_sequences`: the season's sequences with their labels; none where no class is left. */
async function makeSeasonSequences(
  database: Database,
  { season, catalog }: SeasonTablesInput,
  staged: Staged,
): Promise<void> {
  const isUsable = 'FILTER (in_archive AND NOT corrupt)';
  await database.run(`CREATE OR REPLACE TEMP TABLE grouped AS
    SELECT sequence, min(site) AS site, count(*)::INTEGER AS frames, (count(*) ${isUsable})::INTEGER AS usable_frames,
      min(rank) ${isUsable} AS first_rank, arg_min(file_name, rank) ${isUsable} AS first_frame, min(datetime) AS datetime
    FROM season_frames GROUP BY sequence`);
  await database.run(`CREATE OR REPLACE TEMP TABLE season_labels AS
    SELECT label_sets.* FROM label_sets SEMI JOIN grouped USING (sequence) WHERE ${mayBeOfSeason(season)}`);
  await resolvePatterns(database, catalog, staged);
  await database.run(`CREATE OR REPLACE TEMP TABLE season_sequences AS
    SELECT grouped.*, coalesce(labels, []) AS labels, coalesce(raw_labels, []) AS raw_labels
    FROM grouped LEFT JOIN season_labels USING (sequence) LEFT JOIN patterns USING (pattern)`);
}

async function warnOfLostLabels(
  database: Database,
  { season, scope }: SeasonTablesInput,
  { labelRows }: Staged,
  onWarning: TablesContext['onWarning'],
): Promise<void> {
  const { lost } = await database.row<{ lost: number }>(
    `SELECT (SELECT count(*) FROM label_sets WHERE ${mustBeOfSeason(season, scope)})
      - (SELECT count(*) FROM season_labels WHERE ${mustBeOfSeason(season, scope)}) AS lost`,
  );
  if (lost === 0) return;
  onWarning({
    message: `${labelRows.name} labels ${lost} sequences of season ${season} that have no frame; they are left out`,
    details: { season, sequences: lost },
  });
}

async function summarize(
  database: Database,
  season: string,
  { emptyClass }: Catalog,
  rejectedRows: number,
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
  return { season, ...frames, ...sequences, filesNotInMetadata, rejectedRows };
}
