import type { ModelCard } from '../contracts/model';

/** Nothing counts as less probable, and nothing as closer to 1 than float32 tells apart: neither has a finite logit. */
export const LEAST_PROBABILITY = 1e-12;
export const MOST_PROBABILITY = 1 - 2 ** -23;

/** What is left when shares that add up to 1 are taken from 1. */
const NONE = 1e-9;

/** What follows the pooling of a sequence: see {@link ModelCard.samplingRates} and {@link ModelCard.calibration}. */
export type CorrectionRule = SamplingRule & Pick<ModelCard, 'calibration'>;

/** What sampling did to the training sequences. */
export type SamplingRule = Pick<
  ModelCard,
  'classes' | 'emptyClass' | 'output' | 'samplingRates' | 'meanSamplingRate' | 'priors'
>;

/**
 * The answer for a sequence: its pooled probabilities, priors corrected, then calibrated.
 *
 * @param pooled - one a class
 */
export function corrected(pooled: Float64Array, rule: CorrectionRule): Float64Array {
  return calibrate(correctPriors(pooled, rule), rule);
}

/**
 * Undoes the shift of the priors that sampling the training sequences made: see {@link ModelCard.samplingRates}.
 *
 * @param probabilities - one a class
 */
export function correctPriors(probabilities: Float64Array, rule: SamplingRule): Float64Array {
  const { own, empties, others } = priorShift(rule);
  if (rule.output === 'softmax') return normalised(probabilities.map((p, label) => p * own[label]!));
  const empty = probabilities[rule.classes.indexOf(rule.emptyClass)]!;
  return probabilities.map((p, label) => {
    const emptyInstead = Math.min(empty, 1 - p);
    const shown = p * own[label]!;
    return shown / (shown + emptyInstead * empties[label]! + (1 - p - emptyInstead) * others[label]!);
  });
}

/** How often a training sequence stands for one like it before sampling: inverse rates, one a class each. */
export interface PriorShift {
  /** Sequences with the class. */
  readonly own: Float64Array;
  /** Empty sequences; for the empty class itself those of `others`, for it has no such alternative. */
  readonly empties: Float64Array;
  /** Sequences that are neither empty nor show the class. */
  readonly others: Float64Array;
}

/** What {@link correctPriors} reckons with. */
export function priorShift({ classes, emptyClass, samplingRates, meanSamplingRate, priors }: SamplingRule): PriorShift {
  const empty = classes.indexOf(emptyClass);
  const rates = classes.map((name, label) => (priors[label]! > 0 ? (samplingRates[name] ?? 1) : 0));
  const mean = meanSamplingRate ?? meanOf(rates, priors);
  // A class that training never saw was not learned: there is no shift to undo.
  const largest = Math.max(...rates) || 1;
  const own = Float64Array.from(rates, (rate) => 1 / (rate || largest));
  const others = own.map((_, label) => {
    const without = label === empty ? [empty] : [empty, label];
    const share = without.reduce((rest, position) => rest - priors[position]!, 1);
    const kept = without.reduce((rest, position) => rest - priors[position]! * rates[position]!, mean);
    // Where there are no such sequences, nothing says how they were sampled.
    return share > NONE && kept > NONE ? share / kept : 1 / mean;
  });
  return { own, empties: others.map((other, label) => (label === empty ? other : own[empty]!)), others };
}

/** Mean rate over the classes of all sequences. */
function meanOf(rates: readonly number[], priors: readonly number[]): number {
  const sum = priors.reduce((total, prior) => total + prior, 0);
  return rates.reduce((total, rate, label) => total + rate * priors[label]!, 0) / sum || 1;
}

/**
 * Moves probabilities to what held-out sequences say of them: see {@link ModelCard.calibration}.
 *
 * @param probabilities - one a class, priors corrected
 */
export function calibrate(
  probabilities: Float64Array,
  { output, calibration }: Pick<ModelCard, 'output' | 'calibration'>,
): Float64Array {
  if (calibration === undefined) return probabilities;
  const { temperature, bias } = calibration;
  const within = probabilities.map((p) => Math.min(Math.max(p, LEAST_PROBABILITY), MOST_PROBABILITY));
  if (output === 'sigmoid') {
    return within.map((p, label) => sigmoid(Math.log(p / (1 - p)) / temperature + bias[label]!));
  }
  const logits = within.map((p, label) => Math.log(p) / temperature + bias[label]!);
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  return normalised(logits.map((logit) => Math.exp(logit - most)));
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** Divides by the sum. */
export function normalised(row: Float64Array): Float64Array {
  const sum = row.reduce((total, value) => total + value, 0);
  return row.map((value) => value / sum);
}
