import { join } from 'node:path';
import type { FrameOptions } from '../../contracts/runInput';
import type { Database } from '../database';
import { parquet } from '../parquet';
import { FRAMES_FILE } from '../seasonTables';

/**
 * Makes the table `chosen` (season, sequence, file_name, rank): the frames that stand for the picked sequences. Frames
 * that are not in the archive or cannot be read are passed over: the first frame is then the next one.
 */
export async function chooseFrames(
  database: Database,
  directories: readonly string[],
  perSequence: FrameOptions['perSequence'],
): Promise<void> {
  const sources = directories.map(
    (directory) => `SELECT season, sequence, file_name, rank FROM ${parquet(join(directory, FRAMES_FILE))}
      SEMI JOIN (SELECT season, sequence FROM candidates WHERE dropped IS NULL) USING (season, sequence)
      WHERE in_archive AND NOT corrupt`,
  );
  await database.run(`CREATE TABLE chosen AS SELECT * FROM (${sources.join(' UNION ALL ')}) ${condition(perSequence)}`);
}

function condition(perSequence: FrameOptions['perSequence']): string {
  if (perSequence === 'all') return '';
  const position = 'row_number() OVER (PARTITION BY season, sequence ORDER BY rank)';
  if (perSequence === 'first' || perSequence === 1) return `QUALIFY ${position} = 1`;
  // The k positions spread evenly from the first frame to the last: floor(i · (n − 1) / (k − 1)).
  const last = '(count(*) OVER (PARTITION BY season, sequence) - 1)';
  const spread = Array.from({ length: perSequence }, (_, index) => `${index} * ${last} // ${perSequence - 1}`);
  return `QUALIFY ${last} < ${perSequence} OR ${position} - 1 IN (${spread.join(', ')})`;
}
