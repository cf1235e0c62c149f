import type { GroupScore } from '../../contracts/validation';
import type { TableSequence } from '../features';
import type { SequenceScores } from './scores';

/** Accuracy and log loss of each group of sequences, by name. */
export function scoreGroups(
  sequences: readonly TableSequence[],
  { correct, logLoss }: SequenceScores,
  groupOf: (sequence: TableSequence) => string,
): GroupScore[] {
  const sums = new Map<string, { sequences: number; correct: number; logLoss: number }>();
  sequences.forEach((sequence, position) => {
    const name = groupOf(sequence);
    const sum = sums.get(name) ?? { sequences: 0, correct: 0, logLoss: 0 };
    sum.sequences++;
    sum.correct += correct[position]!;
    sum.logLoss += logLoss[position]!;
    sums.set(name, sum);
  });
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sum]) => ({
      name,
      sequences: sum.sequences,
      accuracy: sum.correct / sum.sequences,
      logLoss: sum.logLoss / sum.sequences,
    }));
}
