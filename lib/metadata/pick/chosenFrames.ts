import { join } from 'node:path';
import type { FrameOptions } from '../../contracts/runInput';
import type { Database } from '../database';
import { parquet } from '../parquet';
import { FRAMES_FILE } from '../seasonTables';
import { shardOf } from './shards';

/**
 * Makes `chosen`, a row a picked frame: the frames that stand for the picked sequences. Frames that are not in
 * the archive or cannot be read are passed over; the first frame is then the next one.
 *
 * @param directories - of the seasons' indexes.
 */
export async function chooseFrames(
  database: Database,
  directories: readonly string[],
  perSequence: FrameOptions['perSequence'],
): Promise<void> {
  const picked = 'FROM candidates WHERE dropped IS NULL';
  const shard = `${shardOf('sequence', 'shards')} AS shard`;
  if (perSequence === 'first' || perSequence === 1) {
    await database.run(`CREATE TEMP VIEW chosen AS
      SELECT season, first_frame AS file_name, first_crc32 AS crc32, site, sequence, hour, first_rank AS rank, split, ${shard}, labels ${picked}`);
    return;
  }
  const usable = directories.map(
    (directory) => `SELECT season, file_name, crc32, sequence, rank FROM ${parquet(join(directory, FRAMES_FILE))}
      WHERE in_archive AND NOT corrupt`,
  );
  await database.run(`CREATE TABLE chosen AS
    SELECT season, file_name, crc32, site, sequence, hour, rank, split, ${shard}, labels
    FROM (${usable.join(' UNION ALL ')})
    JOIN (SELECT season, site, sequence, hour, split, shards, labels ${picked}) USING (season, sequence)
    ${perSequence === 'all' ? '' : `QUALIFY ${isSpread(perSequence)}`}`);
}

/** SQL: whether a frame is one of k that are spread evenly from the first to the last: floor(i · (n − 1) / (k − 1)). */
function isSpread(k: number): string {
  const position = '(row_number() OVER (PARTITION BY season, sequence ORDER BY rank) - 1)';
  const last = '(count(*) OVER (PARTITION BY season, sequence) - 1)';
  const spread = Array.from({ length: k }, (_, index) => `${index} * ${last} // ${k - 1}`);
  return `(${last} < ${k} OR ${position} IN (${spread.join(', ')}))`;
}
