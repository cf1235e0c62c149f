import type { PickCounts } from '../../contracts/pick';
import type { Baselines } from '../../contracts/steps';
import { classFrequencies } from '../classifier';
import type { TableSequence } from '../features';
import { binaryLogLoss } from './scores';

/** Log loss of predicting the same for every sequence: what a model has to beat. */
export function baselineLosses(
  sequences: readonly TableSequence[],
  classes: readonly string[],
  counts: PickCounts,
): Baselines {
  const lossOf = (row: readonly number[]) =>
    sequences.reduce((sum, { classes: truth }) => sum + binaryLogLoss(row, truth), 0) / sequences.length;
  return {
    uniform: lossOf(classes.map(() => 1 / classes.length)),
    sampledPrior: lossOf(classFrequencies(counts, classes, 'after')),
    truePrior: lossOf(classFrequencies(counts, classes, 'before')),
  };
}
