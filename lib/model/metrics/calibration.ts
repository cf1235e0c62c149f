import type { ValidationResult } from '../../contracts/validation';
import { rowOf, type Predictions } from './predictions';
import type { SequenceScores } from './scores';

const BINS = 15;

/**
 * How far the probability of the most probable class is from how often it is right: mean over equal bins of
 * |accuracy − confidence|, weighted by their counts. Source: Guo et al. 2017, equation 3.
 */
export function calibrate(
  predictions: Predictions,
  { predicted, correct }: SequenceScores,
): ValidationResult['calibration'] {
  const counts = new Uint32Array(BINS);
  const confidences = new Float64Array(BINS);
  const accuracies = new Float64Array(BINS);
  predicted.forEach((label, sequence) => {
    const confidence = rowOf(predictions.probabilities, sequence, predictions.classes.length)[label]!;
    const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1));
    counts[bin]!++;
    confidences[bin]! += confidence;
    accuracies[bin]! += correct[sequence]!;
  });
  const bins = Array.from(counts, (count, bin) => ({
    from: bin / BINS,
    to: (bin + 1) / BINS,
    count,
    confidence: count === 0 ? 0 : confidences[bin]! / count,
    accuracy: count === 0 ? 0 : accuracies[bin]! / count,
  }));
  const gaps = bins.reduce((sum, { count, confidence, accuracy }) => sum + count * Math.abs(accuracy - confidence), 0);
  return { error: predicted.length === 0 ? 0 : gaps / predicted.length, bins };
}
