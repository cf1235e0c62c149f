import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '../lib/contracts/model';
import { trainingOptionsSchema, type FrameOptions, type TrainingOptions } from '../lib/contracts/runInput';
import { createModelCard, FeatureTable, fineTune, trainHead } from '../lib/model';
import type { FeatureFolder, Head, TableSequence, TrainedHead } from '../lib/model';
import { predictSequences, type Predictions } from '../lib/model/metrics/predictions';
import { scoreSequences } from '../lib/model/metrics/scores';
import { productVersions } from '../lib/store/versions';
import { watchEventLoop } from './eventLoop';
import type { FeatureSet, Picked } from './featureSet';
import { fitLogistic } from './logistic';

/** What a contestant learns from, and is scored on. */
export interface Match {
  readonly set: FeatureSet;
  readonly picked: Picked;
  /** How it was picked. */
  readonly frames: FrameOptions;
  readonly seed: number;
}

/** How each held-out sequence was predicted. */
export interface Scores {
  readonly sequences: readonly TableSequence[];
  /** 1 where the most probable class is one of the sequence's; over several seeds, the share of them. */
  readonly accuracy: Float64Array;
  /** Mean over the classes of −y ln p − (1 − y) ln(1 − p), nats. */
  readonly logLoss: Float64Array;
}

/** What fine-tuning asked of the machine. */
export interface TuningMeasure {
  /** Longest time that the event loop was held. */
  readonly heldSeconds: number;
  /** Most memory that the process had by its end. */
  readonly peakBytes: number;
}

/** This project's training, as a run with these options does it. */
export async function trained(
  match: Match,
  training: TrainingOptions,
  onTuned?: (measure: TuningMeasure) => void,
): Promise<Scores> {
  const { set, picked, seed } = match;
  const directory = join(set.folder, 'draft');
  await rm(directory, { recursive: true, force: true });
  const { features, catalog, backbone, preprocessing, parameters } = set;
  const card = cardOf(match, training);
  const scoring = { ...card, kept: picked.counts.samplingRates };
  const learned = { features, frames: picked.frames, classes: catalog.classes, options: training, scoring, seed };
  const frozen = await trainHead({ ...learned, directory: join(directory, 'head') });
  if (training.fineTune === undefined) return await scored(match, features, frozen.head, calibrated(card, frozen));
  const held = watchEventLoop();
  const tuned = await set.withFrames((readFrame) =>
    fineTune({
      ...learned,
      ...{ trained: frozen, fineTune: training.fineTune!, backbone, parameters, preprocessing, readFrame },
      pooling: backbone.defaultPooling,
      directory: join(directory, 'tuning'),
    }),
  );
  onTuned?.({ heldSeconds: held(), peakBytes: process.resourceUsage().maxRSS * 1024 });
  await rm(join(set.folder, 'tuned'), { recursive: true, force: true });
  const heldOut = picked.frames.filter(({ split }) => split === 'validation');
  const tunedFeatures = await set.extract('tuned', new Map([...parameters, ...tuned.parameters]), heldOut);
  return await scored(match, tunedFeatures, tuned.head, calibrated(card, tuned));
}

function calibrated(card: ModelCard, { calibration }: Pick<TrainedHead, 'calibration'>): ModelCard {
  return calibration === undefined ? card : { ...card, calibration };
}

/** scikit-learn's logistic regression on the same features, pooled and corrected by the same rules as a softmax head. */
export async function logistic(match: Match, strength?: number): Promise<Scores & { readonly strength: number }> {
  const { set, picked } = match;
  const { features, catalog } = set;
  const input = { ...picked, features, classes: catalog.classes };
  const regression = await fitLogistic(input, join(set.folder, 'logistic'), strength);
  const card = cardOf(match, trainingOptionsSchema.parse({ output: 'softmax' }));
  return { ...(await scored(match, features, regression.head, card)), strength: regression.strength };
}

/** The class frequencies of the training seasons, before any sampling, for every sequence. */
export async function noSkill(match: Match): Promise<Scores> {
  const { priors, ...card } = cardOf(match, trainingOptionsSchema.parse({ output: 'sigmoid' }));
  const inputs = match.set.backbone.featureWidth;
  const bias = Float32Array.from(priors, logit);
  const layer = { inputs, outputs: priors.length, kernel: new Float32Array(inputs * priors.length), bias };
  const head: Head = { layers: [layer], output: 'sigmoid' };
  return await scored(match, match.set.features, head, { ...card, priors, samplingRates: {} });
}

function logit(probability: number): number {
  const p = Math.min(1 - 1e-7, Math.max(1e-7, probability));
  return Math.log(p / (1 - p));
}

function cardOf({ set, picked, frames, seed }: Match, training: TrainingOptions): ModelCard {
  return createModelCard({
    backbone: set.model.backbone,
    weightsSha256: '0'.repeat(64),
    featureWidth: set.backbone.featureWidth,
    preprocessing: set.preprocessing,
    classes: set.catalog.classes,
    emptyClass: set.catalog.emptyClass,
    framesPerSequence: frames.perSequence,
    counts: picked.counts,
    trainSeasons: set.seasons.train,
    training,
    seed,
    version: productVersions().serengeti!,
  });
}

async function scored(
  { picked }: Match,
  features: readonly FeatureFolder[],
  head: Head,
  card: ModelCard,
): Promise<Scores> {
  const { frames } = picked;
  const table = await FeatureTable.open({ features, frames, split: 'validation', classes: card.classes });
  try {
    return await scoresOf(await predictSequences(table, head, card));
  } finally {
    await table.close();
  }
}

async function scoresOf(predictions: Predictions): Promise<Scores> {
  const { correct, logLoss } = await scoreSequences(predictions);
  return { sequences: predictions.sequences, accuracy: correct, logLoss };
}
