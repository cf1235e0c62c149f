/** Probabilities are kept this far from 0 and 1 before a logarithm: about what float32 can tell from 1. */
const CLIP = 1e-7;

/** No loss of a sequence is larger. */
export const LARGEST_LOSS = -Math.log(CLIP);

/**
 * The competition's metric for one sequence: mean over the classes of −y ln p − (1 − y) ln(1 − p), nats.
 *
 * @param row - a probability a class
 * @param truth - positions of the sequence's classes
 */
export function binaryLogLoss(row: ArrayLike<number>, truth: readonly number[]): number {
  let sum = 0;
  for (let label = 0; label < row.length; label++) sum -= Math.log(1 - clip(row[label]!));
  for (const label of truth) {
    const p = clip(row[label]!);
    sum += Math.log(1 - p) - Math.log(p);
  }
  return sum / row.length;
}

/** Keeps a probability {@link CLIP} away from 0 and 1. */
export function clip(probability: number): number {
  return Math.min(1 - CLIP, Math.max(CLIP, probability));
}
