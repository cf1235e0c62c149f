import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PickCounts, PickedFrame, Split } from '../contracts/pick';
import { Database, quoted } from './database';
import { parquet } from './parquet';
import { COUNTS_FILE, PICKED_FRAMES_FILE } from './pick/pickFrames';
import { FRAMES_FILE, SEQUENCES_FILE } from './seasonTables';

/** Which rows of a pick are wanted; all where nothing is said. */
export interface PickFilter {
  readonly season?: string | undefined;
  readonly shard?: number | undefined;
  readonly split?: Split | undefined;
}

/**
 * The picked frames, ordered by season, shard, sequence, rank.
 *
 * @param directory - of the pick.
 */
export async function readPickedFrames(directory: string, filter: PickFilter = {}): Promise<PickedFrame[]> {
  return await Database.use({}, (database) => database.rows<PickedFrame>(framesQuery(directory, filter)));
}

export async function readPickCounts(directory: string): Promise<PickCounts> {
  return JSON.parse(await readFile(join(directory, COUNTS_FILE), 'utf8')) as PickCounts;
}

/** A sequence of an index with its frames in their order. */
export interface IndexedSequence {
  readonly sequence: string;
  readonly site: string;
  /** The catalog's classes; none where the sequence is left out. */
  readonly labels: readonly string[];
  /** As the metadata writes them. */
  readonly rawLabels: readonly string[];
  readonly frames: readonly { readonly fileName: string; readonly datetime: Date | null }[];
}

/**
 * All sequences of a season, ordered by name.
 *
 * @param directory - of the index.
 */
export async function readSequences(directory: string): Promise<IndexedSequence[]> {
  const frames = await Database.use({}, (database) =>
    database.rows<Omit<IndexedSequence, 'frames'> & IndexedSequence['frames'][number]>(
      `SELECT sequence, frames.site, labels, raw_labels AS "rawLabels", file_name AS "fileName", frames.datetime
       FROM ${parquet(join(directory, FRAMES_FILE))} AS frames
       JOIN ${parquet(join(directory, SEQUENCES_FILE))} AS sequences USING (sequence) ORDER BY sequence, rank`,
    ),
  );
  const sequences: (IndexedSequence & { readonly frames: IndexedSequence['frames'][number][] })[] = [];
  for (const { sequence, site, labels, rawLabels, fileName, datetime } of frames) {
    if (sequences.at(-1)?.sequence !== sequence) sequences.push({ sequence, site, labels, rawLabels, frames: [] });
    sequences.at(-1)!.frames.push({ fileName, datetime });
  }
  return sequences;
}

function framesQuery(directory: string, { season, shard, split }: PickFilter): string {
  const conditions = [
    season !== undefined && `season = ${quoted(season)}`,
    shard !== undefined && `shard = ${shard}`,
    split !== undefined && `split = ${quoted(split)}`,
  ].filter(Boolean);
  return `SELECT * RENAME (file_name AS "fileName")
    FROM ${parquet(join(directory, PICKED_FRAMES_FILE))}
    ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}`;
}
