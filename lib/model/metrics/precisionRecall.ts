/** A point on the way from the most to the least confident: everything at least as confident counts as found. */
export interface PrecisionRecallPoint {
  readonly recall: number;
  readonly precision: number;
}

/** More points than this cannot be told apart in a drawing. */
const DRAWN_POINTS = 60;

/**
 * Precision and recall at every distinct confidence, most confident first. Empty where nothing is positive.
 *
 * @param scores - the confidence that a sequence is positive
 */
export function precisionRecallCurve(scores: Float32Array, isPositive: (sequence: number) => boolean) {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const positives = order.reduce((count, sequence) => count + (isPositive(sequence) ? 1 : 0), 0);
  const points: PrecisionRecallPoint[] = [];
  if (positives === 0) return points;
  let found = 0;
  order.forEach((sequence, position) => {
    if (isPositive(sequence)) found++;
    const next = order[position + 1];
    if (next === undefined || scores[next] !== scores[sequence]) {
      points.push({ recall: found / positives, precision: found / (position + 1) });
    }
  });
  return points;
}

/** Σ (Rₙ − Rₙ₋₁) Pₙ over the curve, as scikit-learn's `average_precision_score`; `null` where nothing is positive. */
export function averagePrecision(curve: readonly PrecisionRecallPoint[]): number | null {
  if (curve.length === 0) return null;
  return curve.reduce((sum, { recall, precision }, n) => sum + (recall - (curve[n - 1]?.recall ?? 0)) * precision, 0);
}

/** A curve with as many points as a drawing can use: first, last, and those nearest to even steps of recall. */
export function thinned(curve: readonly PrecisionRecallPoint[]): PrecisionRecallPoint[] {
  if (curve.length <= DRAWN_POINTS) return [...curve];
  const kept: PrecisionRecallPoint[] = [];
  let due = 0;
  curve.forEach((point, position) => {
    if (point.recall < due && position !== curve.length - 1) return;
    kept.push(point);
    due = point.recall + 1 / (DRAWN_POINTS - 1);
  });
  return kept;
}
