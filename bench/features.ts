import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../lib/home';
import { prepareNasNetMobile } from './backbone';
import { benchFolder, measure, peerPython, type BenchReport } from './harness';
import type { PipelineMeasure } from './programs/pipeline';
import { BATCH, prepareFrames } from './tutorialFrames';

/** The tutorial's queue holds ten batches of 128: its steady part begins after them. */
const FEWEST_FRAMES = 20 * BATCH;
const BACKBONE_BATCH = 32;
/** Rates of the backbone alone are the best of so many rounds, runtimes taking turns. */
const ROUNDS = 3;
const FIRST_PASS_ROUNDS = 2;
const SECONDS = 6;

interface Rate {
  readonly framesPerSecond: number;
}

/**
 * Frames a second from JPEG to features, beside the tutorial's own program on the Keras of today; and of the backbone
 * alone, beside the same frozen graph in Python's TensorFlow and in ONNX Runtime.
 *
 * @param args - how many frames
 */
export async function run([frames = String(FEWEST_FRAMES)]: readonly string[] = []): Promise<BenchReport> {
  if (Number(frames) < FEWEST_FRAMES) throw new RangeError(`Expected ${FEWEST_FRAMES} frames or more, got ${frames}`);
  const python = await peerPython();
  const { weights, savedModel } = await prepareNasNetMobile(python);
  const table = await prepareFrames(Number(frames));
  const { own, tutorial } = await firstPasses(python, weights, savedModel, table);
  const alone = await backboneRates(python, savedModel);
  const { features, framesPerSecond, heldSeconds, peakBytes } = own;
  const firstPass = framesPerSecond / tutorial.framesPerSecond;
  return {
    rows: [
      ['', 'frames/s', 'ratio', 'memory'],
      ['first pass: tutorial on Keras', rate(tutorial.framesPerSecond), '', gigabytes(tutorial.peakBytes)],
      ['first pass: serengeti', rate(framesPerSecond), times(firstPass), gigabytes(peakBytes)],
      ['  waiting for decoded photographs', percent(features.wait / features.seconds), '', ''],
      [
        '  neither waiting nor in TensorFlow',
        percent(1 - (features.wait + features.compute) / features.seconds),
        '',
        '',
      ],
      ['  event loop held at most', `${heldSeconds.toFixed(2)} s`, '', ''],
      ['backbone alone: serengeti', rate(alone.serengeti), '', ''],
      ['backbone alone: TensorFlow in Python', rate(alone.tensorflow), times(alone.serengeti / alone.tensorflow), ''],
      ['backbone alone: ONNX Runtime', rate(alone.onnx), times(alone.serengeti / alone.onnx), ''],
    ],
    ratios: {
      firstPass,
      backboneToTensorFlow: alone.serengeti / alone.tensorflow,
      backboneToOnnx: alone.serengeti / alone.onnx,
      lost: features.wait / features.seconds,
      heldSeconds,
      peakGigabytes: peakBytes / 1e9,
    },
  };
}

/** The better of two rounds, turn by turn. */
async function firstPasses(python: string, weights: string, savedModel: string, table: string) {
  const own: PipelineMeasure[] = [];
  const tutorial: (Rate & { peakBytes: number })[] = [];
  for (let round = 0; round < FIRST_PASS_ROUNDS; round++) {
    const draft = benchFolder('draft');
    await rm(draft, { recursive: true, force: true });
    own.push(
      (await measure<PipelineMeasure>(process.execPath, [program('pipeline'), savedModel, table, '1', draft])).result,
    );
    const script = [peer('tutorial.py'), weights, table, '1'];
    tutorial.push((await measure<Rate & { peakBytes: number }>(python, script)).result);
  }
  return { own: fastest(own), tutorial: fastest(tutorial) };
}

function fastest<R extends Rate>(results: readonly R[]): R {
  return results.reduce((best, result) => (result.framesPerSecond > best.framesPerSecond ? result : best));
}

/** Turn by turn, so that a busy moment of the machine hits all alike; the best round counts. */
async function backboneRates(python: string, savedModel: string) {
  const args = [savedModel, String(BACKBONE_BATCH), String(SECONDS)];
  const programs = {
    serengeti: () => measure<Rate>(process.execPath, [program('backbone'), ...args]),
    tensorflow: () => measure<Rate>(python, [peer('backbone.py'), 'tensorflow', ...args]),
    onnx: () => measure<Rate>(python, [peer('backbone.py'), 'onnx', ...args]),
  };
  const best = { serengeti: 0, tensorflow: 0, onnx: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ['serengeti', 'tensorflow', 'onnx'] as const) {
      best[name] = Math.max(best[name], (await programs[name]()).result.framesPerSecond);
    }
  }
  return best;
}

function program(name: string): string {
  return join(__dirname, 'programs', `${name}.js`);
}

function peer(name: string): string {
  return join(projectRoot(), 'bench', 'peers', name);
}

const rate = (value: number) => value.toFixed(1);
const times = (value: number) => `${value.toFixed(2)}×`;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
