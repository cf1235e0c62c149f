import type { ModelCard } from '../contracts/model';

/** Nothing counts as less probable, and nothing as more than float32 tells from 1: neither has a finite logit. */
const LEAST_PROBABILITY = 1e-12;
const MOST_PROBABILITY = 1 - 1e-7;

/** What follows the pooling of a sequence: see {@link ModelCard.samplingRates} and {@link ModelCard.calibration}. */
export type CorrectionRule = Pick<ModelCard, 'classes' | 'output' | 'samplingRates' | 'calibration'>;

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
export function correctPriors(
  probabilities: Float64Array,
  { classes, samplingRates }: Pick<ModelCard, 'classes' | 'samplingRates'>,
): Float64Array {
  // A class of which nothing was kept was not learned: there is no shift to undo.
  const factors = classes.map((name) => 1 / (samplingRates[name] || 1));
  const total = probabilities.reduce((sum, probability, label) => sum + probability * (factors[label]! - 1), 1);
  return probabilities.map((probability, label) => (probability * factors[label]!) / total);
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
  if (output === 'sigmoid')
    return within.map((p, label) => sigmoid(Math.log(p / (1 - p)) / temperature + bias[label]!));
  return softmax(within.map((p, label) => Math.log(p) / temperature + bias[label]!));
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function softmax(logits: Float64Array): Float64Array {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
