import { setImmediate } from 'node:timers/promises';
import type { WorkOptions } from '../../contracts/progress';
import { binaryLogLoss, clip } from './logLoss';
import { rowOf, type Predictions } from './predictions';

/** Sequences that are scored before the event loop gets its turn. */
const SEQUENCES_A_TURN = 20_000;

/** How each sequence was predicted: one value a sequence. */
export interface SequenceScores {
  /** The most probable class; the first of equals. */
  readonly predicted: Int32Array;
  /** 1 where the most probable class is one of the sequence's. */
  readonly correct: Float64Array;
  /** 1 where one of the sequence's classes is among the five most probable. */
  readonly amongFive: Float64Array;
  /** 1 − p(empty): how likely it shows an animal. */
  readonly animal: Float64Array;
  /** 1 where it does show one. */
  readonly isAnimal: Uint8Array;
  /** −ln of the probability of the true classes, shared equally between several, nats. */
  readonly crossEntropy: Float64Array;
  /** Mean over the classes of −y ln p − (1 − y) ln(1 − p), nats. */
  readonly logLoss: Float64Array;
  /** The same without prior correction. */
  readonly logLossUncorrected: Float64Array;
}

export async function scoreSequences(
  { classes, empty, sequences, probabilities, uncorrected }: Predictions,
  { signal }: WorkOptions = {},
): Promise<SequenceScores> {
  const count = sequences.length;
  const scores = {
    predicted: new Int32Array(count),
    correct: new Float64Array(count),
    amongFive: new Float64Array(count),
    animal: new Float64Array(count),
    isAnimal: new Uint8Array(count),
    crossEntropy: new Float64Array(count),
    logLoss: new Float64Array(count),
    logLossUncorrected: new Float64Array(count),
  };
  for (const [sequence, { classes: truth }] of sequences.entries()) {
    const row = rowOf(probabilities, sequence, classes.length);
    const predicted = mostProbable(row);
    scores.predicted[sequence] = predicted;
    scores.correct[sequence] = truth.includes(predicted) ? 1 : 0;
    scores.amongFive[sequence] = truth.some((label) => rankOf(row, label) < 5) ? 1 : 0;
    scores.animal[sequence] = 1 - row[empty]!;
    scores.isAnimal[sequence] = truth.some((label) => label !== empty) ? 1 : 0;
    scores.crossEntropy[sequence] = crossEntropy(row, truth);
    scores.logLoss[sequence] = binaryLogLoss(row, truth);
    scores.logLossUncorrected[sequence] = binaryLogLoss(rowOf(uncorrected, sequence, classes.length), truth);
    if (sequence % SEQUENCES_A_TURN === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  return scores;
}

/** The rule by which a sequence is called an animal or empty. @param animal - 1 − p(empty) */
export function animalAnswered(animal: number): boolean {
  return animal >= 0.5;
}

/** Position of the largest value; of the first of equals. */
export function mostProbable(row: ArrayLike<number>): number {
  let best = 0;
  for (let label = 1; label < row.length; label++) if (row[label]! > row[best]!) best = label;
  return best;
}

/** Positions of the largest values, largest first. */
export function mostProbableFew(row: Float32Array, count: number): number[] {
  return Array.from(row.keys())
    .sort((a, b) => row[b]! - row[a]! || a - b)
    .slice(0, count);
}

/** How many classes come before this one. */
function rankOf(row: Float32Array, label: number): number {
  let before = 0;
  row.forEach((value, other) => {
    if (value > row[label]! || (value === row[label] && other < label)) before++;
  });
  return before;
}

/** The probabilities are divided by their sum first: those of `sigmoid` outputs need not add up to 1. */
function crossEntropy(row: Float32Array, truth: readonly number[]): number {
  const sum = row.reduce((total, value) => total + value, 0);
  const terms = truth.map((label) => -Math.log(clip(row[label]! / sum)));
  return terms.reduce((total, term) => total + term, 0) / terms.length;
}
