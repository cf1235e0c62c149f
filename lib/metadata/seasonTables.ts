import { join } from 'node:path';
import type { Catalog, Season } from '../contracts/catalog';
import { SerengetiError } from '../contracts/errors';
import type { IndexSummary } from '../contracts/steps';
import { writeFileAtomic } from '../io/files';
import { checkConsistency, loadEntries } from './archiveEntries';
import { quoted, quotedList, type Database } from './database';
import { folderOf, partsOfSequence } from './formats/names';
import { rejectRepeated } from './formats/rows';
import type { Staged, StagingContext } from './formats/staging';
import { copyToParquet } from './parquet';
import { resolvePatterns } from './patterns';
import { writeDetections } from './seasonDetections';
import { writeRejections } from './rejections';

export const FRAMES_FILE = 'frames.parquet';
export const SEQUENCES_FILE = 'sequences.parquet';
export const REJECTED_FILE = 'rejected.csv';
export const SUMMARY_FILE = 'summary.json';

export interface SeasonTablesInput {
  readonly season: Season;
  readonly catalog: Catalog;
  readonly entriesCsv?: string | undefined;
  /** Where the files go. */
  readonly directory: string;
}

/** Writes one season's tables from what was staged. */
export async function writeSeasonTables(
  context: StagingContext,
  staged: Staged,
  input: SeasonTablesInput,
): Promise<IndexSummary> {
  const { database, rejections } = context;
  const { catalog, entriesCsv, directory } = input;
  const { id: season, detections } = input.season;
  await loadEntries(database, entriesCsv);
  await makeUniqueFrames(context, staged, input);
  if (entriesCsv !== undefined) await checkConsistency(database, season);
  await makeSequences(context, staged, season);
  await warnOfLostLabels(context, staged, season);
  await resolvePatterns(database, catalog, staged);

  const inSeason = `SELECT ${quoted(season)} AS season, *`;
  const labelled = `(SELECT * EXCLUDE (pattern) REPLACE (coalesce(labels, []) AS labels, coalesce(raw_labels, []) AS raw_labels)
    FROM season_sequences LEFT JOIN patterns USING (pattern))`;
  await copyToParquet(database, `${inSeason} FROM season_frames ORDER BY sequence, rank`, join(directory, FRAMES_FILE));
  await copyToParquet(database, `${inSeason} FROM ${labelled} ORDER BY sequence`, join(directory, SEQUENCES_FILE));
  const rejected = rejections.of(season);
  await writeRejections(join(directory, REJECTED_FILE), rejected);
  const detected = detections === undefined ? {} : { detections: await writeDetections(database, season, directory) };
  const summary = { ...(await summarize(database, season, catalog, rejected.length)), ...detected };
  await writeFileAtomic(join(directory, SUMMARY_FILE), `${JSON.stringify(summary, undefined, 2)}\n`);
  return summary;
}

/** `season_frames`, with no file in it twice. */
async function makeUniqueFrames(
  context: StagingContext,
  { frameRows }: Staged,
  input: SeasonTablesInput,
): Promise<void> {
  const { database } = context;
  await makeFrames(context, input);
  const { frames, files } = await database.row<{ frames: number; files: number }>(
    'SELECT count(*) AS frames, count(DISTINCT file_name) AS files FROM season_frames',
  );
  if (frames === 0) {
    throw new SerengetiError('METADATA_INCONSISTENT', `${frameRows.name} has no frame of season ${input.season.id}`, {
      details: { season: input.season.id },
    });
  }
  if (files === frames) return;
  await rejectRepeated(context, 'frame_rows', 'file_name', frameRows);
  await makeFrames(context, input);
}

/** `season_frames`: the season's frames with their rank, and whether the archive has them. */
async function makeFrames(
  { database, seasons }: StagingContext,
  { season, entriesCsv }: SeasonTablesInput,
): Promise<void> {
  const archive =
    entriesCsv === undefined
      ? { name: 'file_name', columns: 'true AS in_archive, NULL::BIGINT AS bytes, NULL::UINTEGER AS crc32', join: '' }
      : {
          // Frames go by their names in the archive, which are in Unicode's composed form.
          name: 'coalesce(entries.name, file_name)',
          columns: 'entries.name IS NOT NULL AS in_archive, entries.bytes, entries.crc32',
          join: 'LEFT JOIN entries ON name = nfc_normalize(file_name)',
        };
  // Whatever is computed of a row comes after the ranking, which has to carry all columns that are there.
  const ranked = `SELECT *, (row_number() OVER (PARTITION BY sequence ORDER BY position NULLS LAST, file_name))::INTEGER AS rank,
      (count(*) OVER (PARTITION BY sequence))::INTEGER AS frames_in_sequence
    FROM frames WHERE season = ${seasons.indexOf(season.id)}`;
  await database.run(`CREATE OR REPLACE TEMP TABLE season_frames AS
    SELECT sequence, CASE WHEN site <> '' THEN site WHEN parts.site <> '' THEN parts.site ELSE ${folderOf('file_name')} END AS site,
      nullif(parts.roll, '') AS roll, ${archive.name} AS file_name, rank, frames_in_sequence,
      datetime, width, height, coalesce(corrupt, false) AS corrupt, ${archive.columns}
    FROM (SELECT *, ${partsOfSequence('sequence')} AS parts FROM (${ranked}))
    ${archive.join}`);
}

/** `season_sequences`: the season's sequences, each once, with the pattern of their labels. */
async function makeSequences(context: StagingContext, { labelRows }: Staged, season: string): Promise<void> {
  const { database, seasons } = context;
  const isUsable = 'FILTER (in_archive AND NOT corrupt)';
  const make = `CREATE OR REPLACE TEMP TABLE season_sequences AS
    SELECT grouped.*, pattern FROM (
      SELECT sequence, min(site) AS site, count(*)::INTEGER AS frames, (count(*) ${isUsable})::INTEGER AS usable_frames,
        min(rank) ${isUsable} AS first_rank, arg_min(file_name, rank) ${isUsable} AS first_frame,
         arg_min(crc32, rank) ${isUsable} AS first_crc32,
        min(datetime) AS datetime
      FROM season_frames GROUP BY sequence) AS grouped
    LEFT JOIN (SELECT sequence, pattern FROM label_sets WHERE season IS NULL OR season = ${seasons.indexOf(season)}) AS labels
    USING (sequence)`;
  await database.run(make);
  // A sequence that is labelled twice is there twice, with all its frames.
  const { surplus } = await database.row<{ surplus: number | null }>(
    `SELECT (SELECT sum(frames) FROM season_sequences)::BIGINT - (SELECT count(*) FROM season_frames) AS surplus`,
  );
  if (surplus === 0) return;
  await rejectRepeated(context, 'label_sets', 'sequence', labelRows);
  await database.run(make);
}

async function warnOfLostLabels(
  { database, seasons, onWarning }: StagingContext,
  { labelRows }: Staged,
  season: string,
): Promise<void> {
  const { lost } = await database.row<{ lost: number }>(
    `SELECT count(*) AS lost FROM label_sets ANTI JOIN season_sequences USING (sequence)
     WHERE season = ${seasons.indexOf(season)}`,
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
  { name: catalog, emptyClass }: Catalog,
  rejectedRows: number,
): Promise<IndexSummary> {
  const frames = await database.row<Pick<IndexSummary, 'frames' | 'framesNotInArchive' | 'corruptFrames'>>(
    `SELECT count(*) AS frames, count(*) FILTER (NOT in_archive) AS "framesNotInArchive",
       count(*) FILTER (corrupt) AS "corruptFrames" FROM season_frames`,
  );
  const sequences = await database.row<Pick<IndexSummary, 'sequences' | 'sites' | 'empties' | 'excludedSequences'>>(
    `SELECT count(*) AS sequences, count(DISTINCT site) AS sites,
       count(*) FILTER (labels = ${quotedList([emptyClass])}) AS empties,
       count(*) FILTER (coalesce(len(labels), 0) = 0) AS "excludedSequences"
     FROM season_sequences LEFT JOIN patterns USING (pattern)`,
  );
  const { filesNotInMetadata } = await database.row<{ filesNotInMetadata: number }>(
    `SELECT count(*) AS "filesNotInMetadata" FROM entries ANTI JOIN season_frames ON file_name = name`,
  );
  return { catalog, season, ...frames, ...sequences, filesNotInMetadata, rejectedRows };
}
