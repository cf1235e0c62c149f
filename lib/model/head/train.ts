import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import type { EpochRecord } from '../../contracts/model';
import type { PickedFrame } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import type { TrainingOptions } from '../../contracts/runInput';
import { pathExists, writeFileAtomic } from '../../io/files';
import { FeatureTable, type FeatureFolder } from '../features/table';
import { CheckpointFile } from '../learning/checkpoint';
import { allRows, asTheyAre, Examples, type ExampleRules } from '../learning/examples';
import { monitorSplit } from '../learning/monitor';
import { lessonTable } from '../learning/sequenceTable';
import { Training, type Course } from '../learning/training';
import { BlockShuffle } from './blockShuffle';
import { initialHead, readHead, writeHead, type Head } from './head';
import { HeadLearner, headOf, headShapes } from './learner';
import { cooled, fitTemperature, logitsOfRows } from './temperature';

export interface TrainInput {
  readonly features: readonly FeatureFolder[];
  /** Picked frames; only those of the training split are looked at. */
  readonly frames: Iterable<PickedFrame> | AsyncIterable<PickedFrame>;
  /** Order of the outputs. */
  readonly classes: readonly string[];
  readonly options: TrainingOptions;
  readonly seed: number;
  /** The draft. What a killed predecessor finished there is taken up. */
  readonly directory: string;
}

export interface TrainWork extends WorkOptions {
  /** Memory for features: what does not fit is read block by block, epoch by epoch. @default 2 GiB */
  readonly memoryBytes?: number;
}

export interface TrainedHead {
  readonly head: Head;
  readonly history: readonly EpochRecord[];
  /** Epoch whose parameters the head has: the last, or the best on the monitored slice. */
  readonly epoch: number;
  /** What its logits were divided by, in the last layer; 1 without calibration. */
  readonly temperature: number;
  /** Training loss of that epoch. */
  readonly loss: number;
  readonly trainFrames: number;
  readonly trainSequences: number;
}

/** A trained head's file in its folder. */
export const HEAD_FILE = 'head.safetensors';

const DEFAULT_MEMORY = 2 * 1024 ** 3;

/**
 * Trains a head on frozen features. Files: `head.safetensors` and `history.json` ({@link EpochRecord}[]).
 *
 * A checkpoint is kept after each epoch. Shuffles and dropout follow from (seed, epoch, step): a training that was
 * killed anywhere ends with the very parameters of an undisturbed one, and equal inputs give equal parameters on the
 * same machine. Each frame of a sequence is an example of its own with the sequence's labels, unless features are pooled:
 * then the sequence is one example.
 *
 * @throws SerengetiError PICK_EMPTY without any training frame, TRAINING_DIVERGED when the loss is no number,
 *   CLASS_UNKNOWN, MODEL_INVALID and ARTIFACT_CORRUPT as {@link FeatureTable.open} does
 */
export async function trainHead(input: TrainInput, work: TrainWork = {}): Promise<TrainedHead> {
  const table = await FeatureTable.open({ ...input, split: 'train' });
  try {
    if (table.rows === 0) {
      throw new SerengetiError('PICK_EMPTY', `None of ${table.pickedFrames} training frames has features`);
    }
    const fingerprint = fingerprintOf(input, table);
    const trained =
      (await readFinished(input.directory, fingerprint)) ?? (await train(input, work, table, fingerprint));
    return { ...trained, trainFrames: table.rows, trainSequences: sequencesOf(table) };
  } finally {
    await table.close();
  }
}

type Finished = Pick<TrainedHead, 'head' | 'history' | 'epoch' | 'temperature' | 'loss'>;

async function train(input: TrainInput, work: TrainWork, frames: FeatureTable, fingerprint: string): Promise<Finished> {
  const { options, classes, seed, directory } = input;
  const table = lessonTable(frames, options.pooling);
  const start = initialHead([table.width, ...options.hidden, classes.length], options.output, seed);
  const checkpoint = new CheckpointFile(directory, headShapes(start), fingerprint);
  const split = monitorSplit(table, options, seed, work);
  const state = await checkpoint.read(work.onWarning);
  const learner = new HeadLearner(start, options.dropout, state?.learner);
  const memoryBytes = work.memoryBytes ?? DEFAULT_MEMORY;
  const courseOf = (rows: Uint32Array, memory: number, rules: ExampleRules): Course<Float32Array> => ({
    batches: new BlockShuffle(table, rows, { batchSize: options.batchSize, memoryBytes: memory }),
    examples: new Examples(table, classes.length, rows, rules),
  });
  const training = new Training({
    learner,
    learned: courseOf(split?.learned ?? allRows(table), memoryBytes, options),
    monitored: split && courseOf(split.monitored, memoryBytes / 4, asTheyAre(options)),
    options,
    seed,
    state,
  });
  try {
    for await (const reached of training.run(work)) await checkpoint.write(reached);
    const { parameters, history, epoch } = training.result();
    const trained = headOf(start, parameters);
    const temperature =
      split !== undefined && options.calibration === 'temperature'
        ? await fitTemperature(await logitsOfRows(trained, table, split.monitored, work), trained.output, work)
        : 1;
    const head = cooled(trained, temperature);
    await writeFileAtomic(join(directory, 'history.json'), `${JSON.stringify(history, null, 2)}\n`);
    // Written last: with it training is over.
    await writeHead(join(directory, HEAD_FILE), head, {
      fingerprint,
      epoch: String(epoch),
      temperature: String(temperature),
    });
    return { head, history, epoch, temperature, loss: history[epoch - 1]!.loss };
  } finally {
    learner.dispose();
  }
}

/** What a call leaves that was killed before the commit. */
async function readFinished(directory: string, fingerprint: string): Promise<Finished | undefined> {
  const path = join(directory, HEAD_FILE);
  if (!(await pathExists(path))) return undefined;
  const { head, metadata } = await readHead(path);
  if (metadata.fingerprint !== fingerprint) return undefined;
  const history = JSON.parse(await readFile(join(directory, 'history.json'), 'utf8')) as EpochRecord[];
  const epoch = Number(metadata.epoch);
  return { head, history, epoch, temperature: Number(metadata.temperature), loss: history[epoch - 1]!.loss };
}

function fingerprintOf({ options, classes, seed, features }: TrainInput, table: FeatureTable): string {
  const seasons = features.map(({ season }) => season);
  const facts = { options, classes, seed, seasons, rows: table.rows, width: table.width };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

function sequencesOf(table: FeatureTable): number {
  const sequences = new Set<number>();
  for (let row = 0; row < table.rows; row++) sequences.add(table.sequenceOf(row));
  return sequences.size;
}
