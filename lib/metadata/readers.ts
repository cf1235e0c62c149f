import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PickCounts, PickedFrame, Split } from '../contracts/pick';
import { Database, quoted } from './database';
import { parquet } from './parquet';
import { COUNTS_FILE, PICKED_FRAMES_FILE } from './pick/pickFrames';

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

function framesQuery(directory: string, { season, shard, split }: PickFilter): string {
  const conditions = [
    season !== undefined && `season = ${quoted(season)}`,
    shard !== undefined && `shard = ${shard}`,
    split !== undefined && `split = ${quoted(split)}`,
  ].filter(Boolean);
  return `SELECT season, file_name AS "fileName", crc32, site, sequence, hour, rank, split, shard, labels
    FROM ${parquet(join(directory, PICKED_FRAMES_FILE))}
    ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}`;
}
