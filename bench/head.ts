import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CLASSES, drawFeatures, drawnFrames, WIDTH } from './drawnFeatures';
import { benchFolder, measure, type BenchReport } from './harness';
import type { HeadMeasure } from './programs/head';

const FRAMES = '100000';

/**
 * Time and memory of the default head on features that are there: cross-validation, calibration and the fit.
 *
 * @param args - how many frames
 */
export async function run([frames = FRAMES]: readonly string[] = []): Promise<BenchReport> {
  const folder = join(benchFolder('head'), frames);
  await rm(folder, { recursive: true, force: true });
  await drawFeatures(join(folder, 'features'), drawnFrames(Number(frames)));
  const program = join(__dirname, 'programs', 'head.js');
  const { result } = await measure<HeadMeasure>(process.execPath, [program, folder, frames]);
  const { seconds, candidates, cpuSeconds, heldSeconds, peakBytes } = result;
  await rm(folder, { recursive: true });
  return {
    rows: [
      [`${frames} frames × ${WIDTH} features, ${CLASSES.length} classes`, `${candidates} candidates`],
      ['time', `${seconds.toFixed(0)} s`],
      ['processor time', `${cpuSeconds.toFixed(0)} s`],
      ['event loop held at most', `${heldSeconds.toFixed(2)} s`],
      ['memory of the process', `${(peakBytes / 1e9).toFixed(2)} GB`],
    ],
    ratios: { headSeconds: seconds, headGigabytes: peakBytes / 1e9 },
  };
}
