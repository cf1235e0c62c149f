import { join } from 'node:path';
import type { Split } from '../../contracts/pick';
import { quoted, type Database } from '../database';
import { parquet } from '../parquet';
import { SEQUENCES_FILE } from '../seasonTables';
import { drawOf, shardCount } from './shards';

/** A season that takes part in a pick. */
export interface SeasonOnSide {
  readonly season: string;
  /** Of the season's index. */
  readonly directory: string;
  readonly split: Split;
}

/**
 * Makes the table `candidates`: every sequence of the seasons, with its `split`, the number of its season's `shards`,
 * its `draw` (where the seed puts it), and `dropped`, the reason why it is not picked, `NULL` for now.
 *
 * @returns each season's number of shards
 */
export async function makeCandidates(
  database: Database,
  seasons: readonly SeasonOnSide[],
  seed: number,
  framesPerShard?: number,
): Promise<Map<string, number>> {
  const shards = new Map<string, number>();
  const selects: string[] = [];
  for (const { season, directory, split } of seasons) {
    const source = parquet(join(directory, SEQUENCES_FILE));
    const { sequences } = await database.row<{ sequences: number }>(`SELECT count(*) AS sequences FROM ${source}`);
    const count = shardCount(sequences, framesPerShard);
    shards.set(season, count);
    selects.push(`SELECT season, site, sequence, ${quoted(split)} AS split, labels, first_frame, first_crc32, first_rank,
      hour(datetime)::INTEGER AS hour,
      ${drawOf(seed, season, 'sequence')} AS draw, ${count} AS shards, NULL::VARCHAR AS dropped FROM ${source}`);
  }
  await database.run(`CREATE TABLE candidates AS ${selects.join(' UNION ALL ')}`);
  return shards;
}
