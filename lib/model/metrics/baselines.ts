import type { PickCounts } from '../../contracts/pick';
import type { Baselines } from '../../contracts/steps';
import { classFrequencies } from '../classifier';
import type { TableSequence } from '../features';
import { clip } from './logLoss';

/** Log loss of predicting the same for every sequence: what a model has to beat. */
export function baselineLosses(
  sequences: readonly TableSequence[],
  classes: readonly string[],
  counts: PickCounts,
): Baselines {
  const frequencies = frequenciesOf(sequences, classes.length);
  const lossOf = (row: readonly number[]) => meanLogLoss(row, frequencies);
  return {
    uniform: lossOf(classes.map(() => 1 / classes.length)),
    sampledPrior: lossOf(classFrequencies(counts, classes, 'after')),
    truePrior: lossOf(classFrequencies(counts, classes, 'before')),
  };
}

/** Share of the sequences that each class is in. */
function frequenciesOf(sequences: readonly TableSequence[], classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const { classes: truth } of sequences) for (const label of truth) counts[label]!++;
  return counts.map((count) => count / sequences.length);
}

/** Mean log loss of one row for all sequences: it depends on them by their frequencies alone. */
function meanLogLoss(row: readonly number[], frequencies: Float64Array): number {
  const terms = row.map((probability, label) => {
    const p = clip(probability);
    return -frequencies[label]! * Math.log(p) - (1 - frequencies[label]!) * Math.log(1 - p);
  });
  return terms.reduce((sum, term) => sum + term, 0) / row.length;
}
