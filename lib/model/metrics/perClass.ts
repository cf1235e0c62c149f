import { setImmediate } from 'node:timers/promises';
import type { PickCounts } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import type { ClassScore, ValidationResult } from '../../contracts/validation';
import { averagePrecision, precisionRecallCurve, thinned } from './precisionRecall';
import type { Predictions } from './predictions';
import type { SequenceScores } from './scores';

/** A class against all others; a sequence is predicted as its most probable class. */
export async function scoreClasses(
  predictions: Predictions,
  scores: SequenceScores,
  counts: PickCounts,
  { signal }: WorkOptions = {},
): Promise<Pick<ValidationResult, 'perClass' | 'macroAveragePrecision' | 'precisionRecall'>> {
  const trained = trainSequences(counts);
  const perClass: ClassScore[] = [];
  const precisionRecall: ValidationResult['precisionRecall'][number][] = [];
  for (const [label, className] of predictions.classes.entries()) {
    signal?.throwIfAborted();
    const isPositive = (sequence: number) => predictions.sequences[sequence]!.classes.includes(label);
    const curve = precisionRecallCurve(columnOf(predictions, label), isPositive);
    const found = tally(scores.predicted, label, isPositive);
    perClass.push({
      className,
      trainSequences: trained.get(className) ?? 0,
      sequences: found.positive,
      predicted: found.predicted,
      precision: ratio(found.right, found.predicted),
      recall: ratio(found.right, found.positive),
      averagePrecision: averagePrecision(curve),
    });
    if (curve.length > 0) {
      const points = thinned(curve).map(({ recall, precision }): [number, number] => [recall, precision]);
      precisionRecall.push({ className, points });
    }
    await setImmediate();
  }
  const areas = perClass.map((score) => score.averagePrecision).filter((area) => area !== null);
  const macroAveragePrecision = areas.reduce((sum, area) => sum + area, 0) / Math.max(1, areas.length);
  return { perClass, macroAveragePrecision, precisionRecall };
}

/** Rows: true class, columns: predicted class. A sequence with several classes counts where it was right, else as its first. */
export function confusionMatrix({ classes, sequences }: Predictions, { predicted }: SequenceScores): number[][] {
  const matrix = classes.map(() => classes.map(() => 0));
  sequences.forEach(({ classes: truth }, sequence) => {
    const answer = predicted[sequence]!;
    const row = truth.includes(answer) ? answer : truth[0];
    if (row !== undefined) matrix[row]![answer]!++;
  });
  return matrix;
}

function tally(predicted: Int32Array, label: number, isPositive: (sequence: number) => boolean) {
  const result = { predicted: 0, positive: 0, right: 0 };
  predicted.forEach((answer, sequence) => {
    const positive = isPositive(sequence);
    if (positive) result.positive++;
    if (answer === label) result.predicted++;
    if (positive && answer === label) result.right++;
  });
  return result;
}

function columnOf({ probabilities, classes, sequences }: Predictions, label: number): Float32Array {
  return Float32Array.from(sequences, (_, sequence) => probabilities[sequence * classes.length + label]!);
}

function trainSequences({ classes }: PickCounts): Map<string, number> {
  return new Map(classes.filter(({ split }) => split === 'train').map(({ className, after }) => [className, after]));
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
