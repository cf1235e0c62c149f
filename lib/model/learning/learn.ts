import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-node-gpu';
import type { TrainingOptions } from '../../contracts/runInput';
import { tensorflow } from '../runtime';
import type { Adam } from './adam';
import type { BatchOutcome, LabelledBatch } from './learner';
import { lossOf } from './losses';

/** What a network says of a batch, before the last activation: [rows, classes]. */
export type LogitsOf = () => Tensor2D;

type Truth = Pick<LabelledBatch<unknown>, 'targets' | 'weights'>;

/**
 * Adds the gradient of a batch's loss to what `adam` descends at its next step.
 *
 * @param logitsOf - reads the parameters from `adam`
 * @param share - of a batch that these rows are, 0 to 1; the shares of a batch sum up to 1
 */
export function learn(
  adam: Adam,
  truth: Truth,
  output: TrainingOptions['output'],
  logitsOf: LogitsOf,
  share = 1,
): BatchOutcome {
  let predicted: Tensor1D | undefined;
  try {
    const loss = adam.descend(() => {
      const logits = logitsOf();
      predicted = tensorflow().keep(logits.argMax<Tensor1D>(1));
      return lossOf(logits, truth, output).mul(share);
    });
    return { loss: loss / share, predicted: predicted!.dataSync<'int32'>() };
  } finally {
    predicted?.dispose();
  }
}

/** Loss and predictions, without an update. */
export function judge(truth: Truth, output: TrainingOptions['output'], logitsOf: LogitsOf): BatchOutcome {
  return tensorflow().tidy(() => {
    const logits = logitsOf();
    const loss = lossOf(logits, truth, output).dataSync()[0]!;
    return { loss, predicted: logits.argMax<Tensor1D>(1).dataSync<'int32'>() };
  });
}
