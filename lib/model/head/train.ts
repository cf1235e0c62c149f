import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import type { Calibration, EpochRecord } from '../../contracts/model';
import type { PickedFrame } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import type { TrainingOptions } from '../../contracts/runInput';
import { pathExists, writeFileAtomic } from '../../io/files';
import { FeatureTable, type FeatureFolder } from '../features/table';
import { featureRows } from '../learning/sequenceTable';
import { slicesOf } from '../learning/slices';
import { fitHead } from './fit';
import { readHead, writeHead, type Head } from './head';
import type { Scoring } from './leftOut';
import { trainTutorialHead } from './tutorial';

export interface TrainInput {
  readonly features: readonly FeatureFolder[];
  /** Picked frames; only those of the training split are looked at. */
  readonly frames: Iterable<PickedFrame> | AsyncIterable<PickedFrame>;
  /** Order of the outputs. */
  readonly classes: readonly string[];
  readonly options: TrainingOptions;
  /** How the frames of a sequence will be answered: what choices and calibration go by. */
  readonly scoring: Scoring;
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
  /** An epoch a record, of gradient descent; of a fitted head a pass over its frames. */
  readonly history: readonly EpochRecord[];
  /** What follows the pooling of a sequence, see {@link ModelCard.calibration}; absent where it is not asked for. */
  readonly calibration?: Calibration;
  /** Training loss of the parameters that the head has. */
  readonly loss: number;
  readonly trainFrames: number;
  readonly trainSequences: number;
}

/** A trained head's file in its folder. */
export const HEAD_FILE = 'head.safetensors';

const DEFAULT_MEMORY = 2 * 1024 ** 3;

/**
 * Trains a head on frozen features. Files: `head.safetensors`, `history.json` ({@link EpochRecord}[]) and, of a fitted
 * head, `choice.json` ({@link HeadChoice}).
 *
 * What was finished is kept in the draft: a training that was killed anywhere ends with the very parameters of an
 * undisturbed one, and equal inputs give equal parameters on the same machine. Each frame of a sequence is an example of
 * its own with the sequence's labels, unless features are pooled: then the sequence is one example. Frames that
 * fine-tuning is to be calibrated or stopped by are not learned from here either.
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

type Finished = Pick<TrainedHead, 'head' | 'history' | 'calibration' | 'loss'>;

async function train(input: TrainInput, work: TrainWork, frames: FeatureTable, fingerprint: string): Promise<Finished> {
  const { options, seed, scoring, directory } = input;
  const table = featureRows(frames, options.pooling);
  const slices = slicesOf(table, options, seed, work);
  const memoryBytes = work.memoryBytes ?? DEFAULT_MEMORY;
  const own = { table, options, scoring, seed, directory, memoryBytes };
  const trained =
    options.head === 'fitted'
      ? await fitHead({ ...own, rows: slices.learned }, work)
      : await trainTutorialHead({ ...own, slices, fingerprint }, work);
  await writeFileAtomic(join(directory, 'history.json'), `${JSON.stringify(trained.history, null, 2)}\n`);
  // Written last: with it training is over.
  const { head, calibration, loss } = trained;
  await writeHead(join(directory, HEAD_FILE), head, {
    fingerprint,
    loss: String(loss),
    ...(calibration && { calibration: JSON.stringify(calibration) }),
  });
  return trained;
}

/** What a call leaves that was killed before the commit. */
async function readFinished(directory: string, fingerprint: string): Promise<Finished | undefined> {
  const path = join(directory, HEAD_FILE);
  if (!(await pathExists(path))) return undefined;
  const { head, metadata } = await readHead(path);
  if (metadata.fingerprint !== fingerprint) return undefined;
  const history = JSON.parse(await readFile(join(directory, 'history.json'), 'utf8')) as EpochRecord[];
  const { calibration } = metadata;
  return {
    head,
    history,
    loss: Number(metadata.loss),
    ...(calibration && { calibration: JSON.parse(calibration) as Calibration }),
  };
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
