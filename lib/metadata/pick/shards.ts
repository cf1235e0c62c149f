import { quoted } from '../database';

/** Frames of a shard when one frame stands for each sequence and no sequence is dropped, about. */
export const FRAMES_PER_SHARD = 2000;

/**
 * How many shards a season has. It follows from the season alone, not from what was picked, so that other picks find
 * the same sequences in the same shards and can use their features again.
 *
 * @param sequences - rows of the season's index.
 */
export function shardCount(sequences: number, framesPerShard = FRAMES_PER_SHARD): number {
  return Math.max(1, Math.round(sequences / framesPerShard));
}

/** SQL: the shard of a sequence, from 0. */
export function shardOf(sequence: string, shards: string): string {
  return `(md5_number_lower(${sequence}) % (${shards})::UBIGINT)::INTEGER`;
}

/**
 * SQL: a sequence's place in the order that the seed puts all sequences in, whatever other seasons there are: 128 bits
 * that no two sequences share.
 */
export function drawOf(seed: number, season: string, sequence: string): string {
  return `md5_number(concat(${quoted(`${seed}/${season}/`)}, ${sequence}))`;
}
