import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PickCounts, PickedFrame, Split } from '../contracts/pick';
import type { ShardId } from '../contracts/steps';
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

/** The same a few thousand at a time, for picks that do not fit in memory. */
export async function* streamPickedFrames(
  directory: string,
  filter: PickFilter = {},
  signal?: AbortSignal,
): AsyncGenerator<PickedFrame[]> {
  const database = await Database.open({ signal });
  try {
    yield* database.stream<PickedFrame>(framesQuery(directory, filter));
  } finally {
    await database.close();
  }
}

/** The shards that have frames, ordered by season and shard. */
export async function readShards(directory: string): Promise<ShardId[]> {
  const source = parquet(join(directory, PICKED_FRAMES_FILE));
  return await Database.use({}, (database) =>
    database.rows<ShardId>(
      `SELECT season, shard, count(*) AS frames FROM ${source} GROUP BY ALL ORDER BY season, shard`,
    ),
  );
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
