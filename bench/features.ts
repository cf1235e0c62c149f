import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareNasNetMobile } from './backbone';
import { benchFolder, measure, peerProgram, peerPython, type BenchReport } from './harness';
import type { PipelineMeasure } from './programs/pipeline';
import { BATCH, prepareFrames } from './tutorialFrames';

/** With fewer, the tutorial's program may come to no steady stretch: its queues hold twenty batches. */
const FEWEST_FRAMES = 20 * BATCH;
/** Neither 8 nor 32 made them faster. */
const PEERS_BATCH = 16;
/** Rates of the backbone alone are the best of so many rounds, runtimes taking turns. */
const ROUNDS = 6;
const SECONDS = 3;

interface Rate {
  readonly framesPerSecond: number;
}

/** What the tutorial's program says of itself. */
interface TutorialMeasure {
  /** In the longest stretch that begins and ends with as many photographs lying ready; `null` where there was none. */
  readonly steady: (Rate & { readonly steadyFrames: number }) | null;
  readonly peakBytes: number;
}

/**
 * Frames a second from JPEG to features, beside the tutorial's own program on the Keras of today; and of the backbone
 * alone, beside the same frozen graph in Python's TensorFlow and in ONNX Runtime.
 *
 * @param args - how many frames
 */
export async function run([frames = String(FEWEST_FRAMES)]: readonly string[] = []): Promise<BenchReport> {
  if (Number(frames) < FEWEST_FRAMES) throw new RangeError(`Expected ${FEWEST_FRAMES} frames or more, got ${frames}`);
  const python = peerPython();
  const { weights, savedModel } = await prepareNasNetMobile(python);
  const table = await prepareFrames(Number(frames));
  const { own, tutorial } = await firstPasses(python, weights, savedModel, table);
  if (tutorial.steady === null)
    throw new Error(`The tutorial's program came to no steady stretch in ${frames} frames; name more`);
  const alone = await backboneRates(python, savedModel);
  const { features, framesPerSecond, heldSeconds, peakBytes } = own;
  const firstPass = framesPerSecond / tutorial.steady.framesPerSecond;
  return {
    rows: [
      ['', 'frames/s', 'ratio', 'memory'],
      ['first pass: tutorial on Keras', rate(tutorial.steady.framesPerSecond), '', gigabytes(tutorial.peakBytes)],
      ['first pass: serengeti', rate(framesPerSecond), times(firstPass), gigabytes(peakBytes)],
      ['  waiting for decoded photographs', percent(features.wait / features.seconds), '', ''],
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

async function firstPasses(python: string, weights: string, savedModel: string, table: string) {
  const draft = benchFolder('draft');
  await rm(draft, { recursive: true, force: true });
  const { result: own } = await measure<PipelineMeasure>(process.execPath, [
    program('pipeline'),
    savedModel,
    table,
    '1',
    draft,
  ]);
  const script = [peerProgram('tutorial.py'), weights, table, '1'];
  const { result: tutorial } = await measure<TutorialMeasure>(python, script);
  return { own, tutorial };
}

/** Turn by turn, so that a busy moment of the machine hits all alike; the best round counts. */
async function backboneRates(python: string, savedModel: string) {
  const args = [savedModel, String(PEERS_BATCH), String(SECONDS)];
  const programs = {
    serengeti: () => measure<Rate>(process.execPath, [program('backbone'), savedModel, String(SECONDS)]),
    tensorflow: () => measure<Rate>(python, [peerProgram('backbone.py'), 'tensorflow', ...args]),
    onnx: () => measure<Rate>(python, [peerProgram('backbone.py'), 'onnx', ...args]),
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

const rate = (value: number) => value.toFixed(1);
const times = (value: number) => `${value.toFixed(2)}×`;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
