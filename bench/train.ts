import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareNasNetMobile } from './backbone';
import { benchFolder, measure, peerProgram, peerPython, type BenchReport } from './harness';
import type { PipelineMeasure } from './programs/pipeline';
import { prepareFrames } from './tutorialFrames';

const FRAMES = '768';
const EPOCHS = 5;

/**
 * Time from the start of the process to a head trained for five epochs, beside the tutorial's own program.
 *
 * @param args - how many frames
 */
export async function run([frames = FRAMES]: readonly string[] = []): Promise<BenchReport> {
  const python = peerPython();
  const { weights, savedModel } = await prepareNasNetMobile(python);
  const table = await prepareFrames(Number(frames));
  const draft = benchFolder('draft');
  await rm(draft, { recursive: true, force: true });
  const pipeline = join(__dirname, 'programs', 'pipeline.js');
  const own = await measure<PipelineMeasure>(process.execPath, [pipeline, savedModel, table, String(EPOCHS), draft]);
  const script = peerProgram('tutorial.py');
  const tutorial = await measure<{ epochSeconds: number[]; cpuSeconds: number; peakBytes: number }>(python, [
    script,
    weights,
    table,
    String(EPOCHS),
  ]);
  const { features, trainSeconds } = own.result;
  const later = tutorial.result.epochSeconds.slice(1);
  const wall = tutorial.seconds / own.seconds;
  const processor = tutorial.result.cpuSeconds / own.result.cpuSeconds;
  return {
    rows: [
      ['', 'process start to trained head', 'processor time', 'first pass', 'each further epoch', 'memory'],
      [
        'tutorial on Keras',
        seconds(tutorial.seconds),
        seconds(tutorial.result.cpuSeconds),
        seconds(tutorial.result.epochSeconds[0]!),
        seconds(mean(later)),
        gigabytes(tutorial.result.peakBytes),
      ],
      [
        'serengeti',
        seconds(own.seconds),
        seconds(own.result.cpuSeconds),
        seconds(features.seconds),
        seconds(trainSeconds / EPOCHS),
        gigabytes(own.result.peakBytes),
      ],
      ['ratio', times(wall), times(processor), '', '', ''],
    ],
    ratios: { fiveEpochs: wall, fiveEpochsProcessorTime: processor, peakGigabytes: own.result.peakBytes / 1e9 },
  };
}

const times = (value: number) => `${value.toFixed(1)}×`;
const seconds = (value: number) => `${value.toFixed(2)} s`;
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
