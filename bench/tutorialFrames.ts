import { join } from 'node:path';
import { LILA } from '../lib/seasons';
import { csvLine } from '../lib/io/csvLine';
import { Random } from '../lib/model/random';
import { writeFileAtomic } from '../lib/io/files';
import { benchFolder } from './harness';
import { makePhotographs } from './photographs';

/** The tutorial's batches. */
export const BATCH = 128;

/** Writes a table `file` + one 0/1 column a class, as both programs read it. @returns its path */
export async function prepareFrames(frames: number): Promise<string> {
  if (frames % BATCH !== 0 || frames < BATCH) {
    throw new RangeError(`Expected a multiple of ${BATCH} frames, got ${frames}`);
  }
  const folder = benchFolder('photographs');
  const paths = await makePhotographs(folder, frames);
  const random = new Random(3);
  const lines = paths.map((path) => {
    const label = random.below(LILA.classes.length);
    return csvLine([path, ...LILA.classes.map((_, position) => (position === label ? 1 : 0))]);
  });
  const table = join(folder, 'frames.csv');
  await writeFileAtomic(table, [csvLine(['file', ...LILA.classes]), ...lines].join(''));
  return table;
}
