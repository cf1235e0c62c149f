import { setImmediate } from 'node:timers/promises';
import type { WorkOptions } from '../../contracts/progress';
import { descentOptionsOf } from '../../contracts/runInput';
import { CheckpointFile } from '../learning/checkpoint';
import { asTheyAre, Examples, type ExampleRules } from '../learning/examples';
import type { Slices } from '../learning/slices';
import type { FeatureRows } from '../features/table';
import { Training, type Dataset } from '../learning/training';
import { BlockShuffle } from './blockShuffle';
import { calibrationFor } from './calibrate';
import type { FitInput, FittedHead } from './fit';
import { initialHead, type Head } from './head';
import { HeadLearner, headOf, headShapes } from './learner';
import { leftOutOf } from './leftOut';
import { HeadNetwork } from './network';

/** Frames that go through the head at once. */
const BATCH_ROWS = 1024;

/**
 * The tutorial's head: so many epochs of Adam. A checkpoint is kept after each. Shuffles and dropout follow from
 * (seed, epoch, step).
 */
export async function trainTutorialHead(
  input: Omit<FitInput, 'rows'> & { readonly slices: Slices; readonly fingerprint: string },
  work: WorkOptions,
): Promise<FittedHead> {
  const { table, options, scoring, seed, directory, slices, memoryBytes, fingerprint } = input;
  const descent = descentOptionsOf(options);
  const start = initialHead([table.width, ...descent.hidden, scoring.classes.length], options.output, seed);
  const checkpoint = new CheckpointFile(directory, headShapes(start), fingerprint);
  const state = await checkpoint.read(work.onWarning);
  const learner = new HeadLearner(start, descent.dropout, state?.learner);
  const datasetOf = (rows: Uint32Array, memory: number, rules: ExampleRules): Dataset<Float32Array> => ({
    batches: new BlockShuffle(table, rows, { batchSize: descent.batchSize, memoryBytes: memory }),
    examples: new Examples(table, scoring.classes.length, rows, rules),
  });
  const { learned, monitored, calibrated } = slices;
  const training = new Training({
    learner,
    learned: datasetOf(learned, memoryBytes, options),
    monitored: monitored && datasetOf(monitored, memoryBytes / 4, asTheyAre(options)),
    options: descent,
    seed,
    state,
  });
  try {
    for await (const reached of training.run(work)) await checkpoint.write(reached);
    const { parameters, history, epoch } = training.result();
    const head = headOf(start, parameters);
    const { loss } = history[epoch - 1]!;
    if (calibrated === undefined) return { head, history, loss };
    const answers = await answersOf(head, table, calibrated, work);
    const leftOut = leftOutOf(table, calibrated, answers, scoring);
    return { head, history, loss, calibration: await calibrationFor(leftOut, scoring, work) };
  } finally {
    learner.dispose();
  }
}

/** Probabilities of frames, [rows, classes]. */
async function answersOf(
  head: Head,
  table: FeatureRows,
  rows: Uint32Array,
  { signal }: WorkOptions,
): Promise<Float32Array> {
  const network = new HeadNetwork(head);
  const classes = head.layers.at(-1)!.outputs;
  const answers = new Float32Array(rows.length * classes);
  try {
    for (let start = 0; start < rows.length; start += BATCH_ROWS) {
      signal?.throwIfAborted();
      const batch = rows.subarray(start, start + BATCH_ROWS);
      const features = new Float32Array(batch.length * table.width);
      await table.read(batch, features);
      answers.set(network.predict(features), start * classes);
      await setImmediate();
    }
    return answers;
  } finally {
    network.dispose();
  }
}
