import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import type { Calibration, EpochRecord } from '../../contracts/model';
import type { Preprocessing } from '../../contracts/preprocessing';
import type { WorkOptions } from '../../contracts/progress';
import { descentOptionsOf, type FineTuneOptions } from '../../contracts/runInput';
import { scratchPath, writeFileAtomic } from '../../io/files';
import type { Backbone, Pooling } from '../backbones';
import type { ReadPhotograph } from '../features/extractSeasons';
import { FeatureTable } from '../features/table';
import type { Parameters } from '../graph';
import { HEAD_FILE, readHead, writeHead, type TrainedHead, type TrainInput } from '../head';
import { calibrationFor } from '../head/calibrate';
import { leftOutOf } from '../head/leftOut';
import { initialState } from '../learning/adam';
import { CheckpointFile } from '../learning/checkpoint';
import { asTheyAre, Examples, type ExampleRules } from '../learning/examples';
import { slicesOf } from '../learning/slices';
import { Training, type Dataset } from '../learning/training';
import { Random } from '../random';
import { readKeptTensors, writeTensors } from '../safetensors';
import { TailLearner } from './learner';
import { PhotographBatches } from './photographs';
import { Tail } from './tail';
import { Trunk } from './trunk';

export interface FineTuneInput extends TrainInput {
  /** As {@link TrainInput.options} has it. */
  readonly fineTune: FineTuneOptions;
  /** What `trainHead` made of the same input. */
  readonly trained: Pick<TrainedHead, 'head' | 'history' | 'loss'>;
  readonly backbone: Backbone;
  /** Of the backbone, as published. */
  readonly parameters: Parameters;
  readonly pooling: Pooling;
  readonly preprocessing: Preprocessing;
  readonly readFrame: ReadPhotograph;
}

export interface FineTuned extends Pick<TrainedHead, 'head' | 'history' | 'calibration' | 'loss'> {
  /** Of the stages that learned. */
  readonly parameters: Parameters;
  readonly stageNames: readonly string[];
}

/** The parameters that learned: a file beside the head's. */
const TUNED_FILE = 'backbone.safetensors';

/** Purpose of a random generator: see {@link Random}. */
const FINE_TUNING = 6;

/**
 * Trains the last cells of the backbone together with a head that has converged. Files: `head.safetensors`,
 * `backbone.safetensors` and `history.json`, in which the new epochs follow those of the head.
 *
 * Batch norm stays as it is at rest: it is folded into the convolutions, and these learn. The stages before the cut run
 * as a frozen graph. Photographs are read and decoded anew in every epoch, ahead of TensorFlow: augmentation makes
 * them others each time, so that nothing before the cut can be kept, and decoded they would take 440 KB each, of which a
 * season has hundreds of thousands. With `patience`, the epoch that does best on the sites set aside wins, the head
 * before fine-tuning included.
 *
 * A checkpoint is kept after each epoch. Shuffles, augmentation and dropout follow from (seed, epoch, step): on a CPU a
 * fine-tuning that was killed anywhere ends with the very parameters of an undisturbed one.
 *
 * @throws SerengetiError INPUT_INVALID where the backbone has no more cells than should learn, TRAINING_DIVERGED when the
 *   loss is no number; CLASS_UNKNOWN, MODEL_INVALID and ARTIFACT_CORRUPT as {@link FeatureTable.open} does; whatever
 *   `readFrame` throws, except FRAME_UNREADABLE and ENTRY_CORRUPT: such frames are warned of and left out
 */
export async function fineTune(input: FineTuneInput, work: WorkOptions = {}): Promise<FineTuned> {
  const tail = tailOf(input);
  const table = await FeatureTable.open({ ...input, split: 'train' });
  try {
    const fingerprint = fingerprintOf(input, table);
    return (await readFinished(input, tail, fingerprint)) ?? (await tune(input, work, table, tail, fingerprint));
  } finally {
    await table.close();
  }
}

async function tune(
  input: FineTuneInput,
  work: WorkOptions,
  table: FeatureTable,
  tail: Tail,
  fingerprint: string,
): Promise<FineTuned> {
  const { backbone, parameters, preprocessing, directory, options, fineTune: tuning } = input;
  const descent = descentOptionsOf(options);
  const checkpoint = new CheckpointFile(directory, tail.shapes, fingerprint);
  const state = await checkpoint.read(work.onWarning);
  const form = { cut: cutOf(input), input: preprocessing };
  const trunk = await Trunk.create(backbone, parameters, form, scratchPath(directory, 'trunk'));
  const learnerAt = (from = initialState(tail.values)) =>
    new TailLearner(
      trunk,
      tail,
      { size: preprocessing, augmentation: tuning.augmentation, dropout: descent.dropout },
      from,
    );
  const learner = learnerAt(state?.learner);
  try {
    const { learned: rows, monitored, calibrated } = slicesOf(table, options, input.seed, work);
    const training = new Training({
      learner,
      learned: datasetOf(input, table, rows, options, work),
      monitored: monitored && datasetOf(input, table, monitored, asTheyAre(options), work),
      options: { ...descent, epochs: tuning.epochs, learningRate: tuning.learningRate },
      seed: new Random(input.seed, FINE_TUNING).bits(),
      state,
      trainedBefore: true,
    });
    for await (const reached of training.run(afterHead(input, work))) await checkpoint.write(reached);
    const result = training.result();
    const calibration =
      calibrated && (await calibrationOf(learnerAt(initialState(result.parameters)), input, table, calibrated, work));
    const { head, parameters: learned } = tail.split(result.parameters);
    const tuned: FineTuned = {
      head,
      parameters: learned,
      stageNames: tail.stageNames,
      history: [...input.trained.history, ...result.history.map((record) => renumbered(record, input))],
      ...(calibration && { calibration }),
      loss: result.history[result.epoch - 1]?.loss ?? input.trained.loss,
    };
    await write(directory, tuned, fingerprint);
    return tuned;
  } finally {
    learner.dispose();
    trunk.dispose();
  }
}

function tailOf(input: FineTuneInput): Tail {
  const { backbone, parameters, pooling, trained, fineTune: tuning } = input;
  const most = backbone.stages.length - 1;
  if (tuning.cells > most) {
    const message = `training.fineTune.cells: ${backbone.name} has ${most} cells after its stem, got ${tuning.cells}`;
    throw new SerengetiError('INPUT_INVALID', message);
  }
  return new Tail(backbone, parameters, cutOf(input), pooling, trained.head);
}

/** Number of the first stage that learns. */
function cutOf({ backbone, fineTune: { cells } }: FineTuneInput): number {
  return backbone.stages.length - cells;
}

function datasetOf(
  { fineTune: { batchSize }, preprocessing, readFrame, classes }: FineTuneInput,
  table: FeatureTable,
  rows: Uint32Array,
  rules: ExampleRules,
  work: WorkOptions,
): Dataset<readonly Uint8Array[]> {
  return {
    batches: new PhotographBatches(table, rows, { readFrame, preprocessing, batchSize }, work),
    examples: new Examples(table, classes.length, rows, rules),
  };
}

/** Epochs count on from the head's. */
function afterHead(
  { trained, fineTune: { epochs } }: FineTuneInput,
  { onProgress, ...work }: WorkOptions,
): WorkOptions {
  const before = trained.history.length;
  return {
    ...work,
    onProgress: ({ done, reused = 0, note, ...progress }) =>
      onProgress?.({
        ...progress,
        done: before + done,
        total: before + epochs,
        reused: before + reused,
        note: note === undefined ? 'fine-tuning' : `fine-tuning: ${note}`,
      }),
  };
}

function renumbered(record: EpochRecord, { trained }: FineTuneInput): EpochRecord {
  return { ...record, epoch: trained.history.length + record.epoch, fineTuning: true };
}

/** What sequences that were set aside ask for. @param learner - with the parameters that were taken; disposed of */
async function calibrationOf(
  learner: TailLearner,
  input: FineTuneInput,
  table: FeatureTable,
  rows: Uint32Array,
  work: WorkOptions,
): Promise<Calibration> {
  const { options, scoring, seed } = input;
  const { batches } = datasetOf(input, table, rows, asTheyAre(options), work);
  const classes = scoring.classes.length;
  const answers = new Float32Array(rows.length * classes);
  const seen: number[] = [];
  try {
    for await (const { rows: some, input: photographs } of batches.batches(new Random(seed, FINE_TUNING))) {
      answers.set(await learner.probabilities(photographs), seen.length * classes);
      seen.push(...some);
    }
  } finally {
    learner.dispose();
  }
  const leftOut = leftOutOf(table, Uint32Array.from(seen), answers.subarray(0, seen.length * classes), scoring);
  return await calibrationFor(leftOut, scoring, work);
}

async function write(directory: string, tuned: FineTuned, fingerprint: string): Promise<void> {
  await writeFileAtomic(join(directory, 'history.json'), `${JSON.stringify(tuned.history, null, 2)}\n`);
  await writeHead(join(directory, HEAD_FILE), tuned.head, { fingerprint });
  // Written last: with it fine-tuning is over.
  await writeTensors(join(directory, TUNED_FILE), {
    tensors: tuned.parameters,
    metadata: {
      fingerprint,
      loss: String(tuned.loss),
      ...(tuned.calibration && { calibration: JSON.stringify(tuned.calibration) }),
    },
  });
}

/** What a call leaves that was killed before the commit. */
async function readFinished(
  { directory }: FineTuneInput,
  tail: Tail,
  fingerprint: string,
): Promise<FineTuned | undefined> {
  const kept = await readKeptTensors(join(directory, TUNED_FILE));
  if (kept?.metadata.fingerprint !== fingerprint) return undefined;
  if ((await readKeptTensors(join(directory, HEAD_FILE))) === undefined) return undefined;
  const { tensors, metadata } = kept;
  const { head } = await readHead(join(directory, HEAD_FILE));
  const history = JSON.parse(await readFile(join(directory, 'history.json'), 'utf8')) as EpochRecord[];
  const { stageNames } = tail;
  return {
    head,
    history,
    parameters: tensors,
    stageNames,
    ...(metadata.calibration && { calibration: JSON.parse(metadata.calibration) as Calibration }),
    loss: Number(metadata.loss),
  };
}

/** Of all that the outcome depends on. */
function fingerprintOf(input: FineTuneInput, table: FeatureTable): string {
  const { options, fineTune: tuning, classes, seed, features, backbone, parameters, trained } = input;
  const { pooling, preprocessing } = input;
  const seasons = features.map(({ season }) => season);
  const facts = {
    options,
    tuning,
    classes,
    seed,
    seasons,
    rows: table.rows,
    backbone: backbone.name,
    pooling,
    preprocessing,
  };
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const { data } of parameters.values()) hash.update(data);
  for (const { kernel, bias } of trained.head.layers) hash.update(kernel).update(bias);
  return hash.digest('hex');
}
