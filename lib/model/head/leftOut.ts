import { correctPriors, type SamplingRule } from '../corrections';
import type { FeatureRows } from '../features/table';
import { binaryLogLoss } from '../metrics/logLoss';
import { SequencePool, type PoolingRule } from '../pooling';

/** How a sequence is answered from its frames, before calibration. */
export interface Scoring extends PoolingRule, SamplingRule {
  /** Share of each class's training sequences that was picked, 1 where nothing is said. */
  readonly kept: Readonly<Record<string, number>>;
}

/** Sequences that were answered by heads that had not learned from them: what choices and calibration are made on. */
export interface LeftOut {
  /** Positions in the table, ascending. */
  readonly sequences: readonly number[];
  /** A row a sequence, a probability a class: pooled, as the balance of training makes them. */
  readonly pooled: readonly Float64Array[];
  /** The same, priors corrected, not calibrated. */
  readonly probabilities: readonly Float64Array[];
  /** Positions of each one's classes. */
  readonly truth: readonly (readonly number[])[];
  /** How many sequences of the training seasons each stands for: sampling is undone. 1 on average. */
  readonly weights: Float64Array;
}

/**
 * Frames become sequences as they do everywhere.
 *
 * @param frames - probabilities, [rows, classes]
 */
export function leftOutOf(table: FeatureRows, rows: Uint32Array, frames: Float32Array, scoring: Scoring): LeftOut {
  const classes = scoring.classes.length;
  const pool = new SequencePool(table.sequences.length, scoring);
  rows.forEach((row, position) => {
    pool.add(table.sequenceOf(row), frames.subarray(position * classes, (position + 1) * classes));
  });
  const sequences = [...new Set(Array.from(rows, (row) => table.sequenceOf(row)))].sort((a, b) => a - b);
  const truth = sequences.map((sequence) => table.sequences[sequence]!.classes);
  const pooled = sequences.map((sequence) => pool.pooled(sequence)!);
  return {
    sequences,
    pooled,
    probabilities: pooled.map((row) => correctPriors(row, scoring)),
    truth,
    weights: naturalWeights(truth, scoring),
  };
}

/** One sequence stands for as many as its classes were thinned by; the mean of its classes where it has several. */
function naturalWeights(truth: LeftOut['truth'], scoring: Scoring): Float64Array {
  const { classes, kept } = scoring;
  const stoodFor = (label: number) => 1 / (kept[classes[label]!] || 1);
  const weights = Float64Array.from(truth, (labels) => meanOf(labels.map(stoodFor)) ?? 1);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Log loss of each sequence, were it answered with `answerOf` its probabilities. */
export function lossesOf(
  { probabilities, truth }: Pick<LeftOut, 'probabilities' | 'truth'>,
  answerOf: (probabilities: Float64Array) => ArrayLike<number> = (row) => row,
): Float64Array {
  return Float64Array.from(probabilities, (row, i) => binaryLogLoss(answerOf(row), truth[i]!));
}

/** Mean of one value a sequence, each counting for as many as it stands for. */
export function meanLoss(losses: Float64Array, { weights }: LeftOut): number {
  return losses.reduce((sum, loss, i) => sum + weights[i]! * loss, 0) / losses.length;
}

export interface Mean {
  readonly value: number;
  /** Of the mean, groups taken as drawn. */
  readonly standardError: number;
}

/**
 * Mean with the standard error that drawing groups anew would have: √Σ (Σ (v − m))² / n, the outer sum over groups
 * (linearised ratio estimator of cluster samples: Cochran 1977, equation 11.30).
 */
export function meanOver(values: Float64Array, groups: readonly string[]): Mean {
  const value = values.reduce((sum, own) => sum + own, 0) / values.length;
  const sums = new Map<string, number>();
  values.forEach((own, i) => sums.set(groups[i]!, (sums.get(groups[i]!) ?? 0) + own - value));
  const squares = [...sums.values()].reduce((sum, deviation) => sum + deviation ** 2, 0);
  return { value, standardError: Math.sqrt(squares) / values.length };
}
