import { z } from 'zod';
import type { Calibration, ModelCard } from '../../contracts/model';
import type { Preprocessing } from '../../contracts/preprocessing';
import type { PickCounts } from '../../contracts/pick';
import { BACKBONES, type BackboneName } from '../../contracts/backbone';
import { trainingOptionsSchema, type TrainingOptions } from '../../contracts/runInput';
import { FEATURES_OUTPUT, FEATURES_SIGNATURE_NAME, HEAD_SIGNATURE_NAME } from '../backbones';
import { IMAGES_INPUT, PROBABILITIES_OUTPUT, UNCORRECTED_SIGNATURE_NAME } from '../backbones';
import { balancedWeights } from '../learning/examples';
import { poolsFeatures } from '../learning/sequenceTable';

const share = z.number().min(0).max(1);
const rate = z.number().min(0);
const size = z.int().min(1);
const crop = z.object({ threshold: share });
const fit = z.enum(['stretch', 'letterbox']);

const signature = z.object({ name: z.string(), input: z.string(), output: z.string() });

/** Form of `model.json`. */
export const modelCardSchema = z.object({
  format: z.literal(1),
  backbone: z.enum(BACKBONES),
  weightsSha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
  tunedStages: z.array(z.string().min(1)).min(1).optional(),
  featureWidth: size,
  preprocessing: z.object({ width: size, height: size, channels: z.literal('RGB'), fit, crop: crop.optional() }),
  classes: z.array(z.string().min(1)).min(2),
  emptyClass: z.string(),
  output: trainingOptionsSchema.shape.output.unwrap(),
  pooling: trainingOptionsSchema.shape.pooling.unwrap(),
  framesPerSequence: z.union([z.enum(['first', 'all']), size]),
  samplingRates: z.record(z.string(), rate),
  meanSamplingRate: rate.optional(),
  calibration: z.object({ temperature: z.number().gt(0), bias: z.array(z.number()) }).optional(),
  priors: z.array(share),
  trainSeasons: z.array(z.string()),
  signature,
  headSignature: signature.optional(),
  madeBy: z.object({ version: z.string(), training: trainingOptionsSchema, seed: z.int().min(0) }).optional(),
}) satisfies z.ZodType<ModelCard>;

/** What a model is made from, beside its head. */
export interface ModelCardFacts {
  readonly backbone: BackboneName;
  readonly weightsSha256: string;
  readonly tunedStages?: readonly string[];
  readonly featureWidth: number;
  readonly preprocessing: Preprocessing;
  readonly classes: readonly string[];
  readonly emptyClass: string;
  readonly framesPerSequence: ModelCard['framesPerSequence'];
  /** Of the pick that it was trained on. */
  readonly counts: PickCounts;
  readonly trainSeasons: readonly string[];
  readonly calibration?: Calibration;
  readonly training: TrainingOptions;
  readonly seed: number;
  /** Of this program. */
  readonly version: string;
}

export function createModelCard({ counts, training, seed, version, ...facts }: ModelCardFacts): ModelCard {
  return {
    format: 1,
    ...facts,
    output: training.output,
    pooling: training.pooling,
    ...ratesOf(counts, facts.classes, training),
    priors: classFrequencies(counts, facts.classes, 'before'),
    ...signaturesFor(training.pooling),
    madeBy: { version, training, seed },
  };
}

/** Class weights shift the priors as sampling does: a class that counts twice is one of which twice as much was kept. */
function ratesOf(
  { train, samplingRates, ...counts }: PickCounts,
  classes: readonly string[],
  { classWeights }: TrainingOptions,
): Pick<ModelCard, 'samplingRates' | 'meanSamplingRate'> {
  const after = countsOf(counts, classes, 'after');
  const weights = classWeights === 'balanced' ? balancedWeights(after, train.after) : after.map(() => 1);
  const total = after.reduce((sum, count) => sum + count, 0);
  const meanWeight = after.reduce((sum, count, label) => sum + count * weights[label]!, 0) / total;
  return {
    samplingRates: Object.fromEntries(
      classes.map((name, label) => [name, (samplingRates[name] ?? 1) * weights[label]!]),
    ),
    meanSamplingRate: (meanWeight * train.after) / train.before,
  };
}

/** Which signatures of the SavedModel the frames of a sequence go through. */
function signaturesFor(pooling: TrainingOptions['pooling']): Pick<ModelCard, 'signature' | 'headSignature'> {
  if (!poolsFeatures(pooling)) {
    return { signature: { name: UNCORRECTED_SIGNATURE_NAME, input: IMAGES_INPUT, output: PROBABILITIES_OUTPUT } };
  }
  return {
    signature: { name: FEATURES_SIGNATURE_NAME, input: IMAGES_INPUT, output: FEATURES_OUTPUT },
    headSignature: { name: HEAD_SIGNATURE_NAME, input: FEATURES_OUTPUT, output: PROBABILITIES_OUTPUT },
  };
}

/** Share of the training sequences that has each class, before or after sampling; 0 where there are none. */
export function classFrequencies(counts: PickCounts, classes: readonly string[], when: 'before' | 'after'): number[] {
  const sequences = counts.train[when];
  return countsOf(counts, classes, when).map((count) => (sequences === 0 ? 0 : count / sequences));
}

/** Training sequences of each class. */
function countsOf(
  { classes: counts }: Pick<PickCounts, 'classes'>,
  classes: readonly string[],
  when: 'before' | 'after',
): number[] {
  const found = new Map(counts.filter(({ split }) => split === 'train').map((count) => [count.className, count[when]]));
  return classes.map((name) => found.get(name) ?? 0);
}
