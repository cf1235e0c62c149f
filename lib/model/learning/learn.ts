import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-node-gpu';
import type { TrainingOptions } from '../../contracts/runInput';
import { tensorflow } from '../runtime';
import type { Adam } from './adam';
import type { BatchOutcome, Lesson } from './learner';
import { lossOf } from './losses';

/** What a network says of a lesson's input, before the last activation: [rows, classes]. */
export type LogitsOf = () => Tensor2D;

type Truth = Pick<Lesson<unknown>, 'targets' | 'weights'>;

/**
 * Adds the slope of a lesson's loss to those that `adam` goes down at its next step.
 *
 * @param logitsOf - reads the parameters from `adam`
 * @param share - of the batch that this lesson is, 0 to 1; the shares of a batch sum up to 1
 */
export function learn(
  adam: Adam,
  lesson: Truth,
  output: TrainingOptions['output'],
  logitsOf: LogitsOf,
  share = 1,
): BatchOutcome {
  let predicted: Tensor1D | undefined;
  try {
    const loss = adam.descend(() => {
      const logits = logitsOf();
      predicted = tensorflow().keep(logits.argMax<Tensor1D>(1));
      return lossOf(logits, lesson, output).mul(share);
    });
    return { loss: loss / share, predicted: predicted!.dataSync<'int32'>() };
  } finally {
    predicted?.dispose();
  }
}

/** Loss and predictions, without an update. */
export function judge(lesson: Truth, output: TrainingOptions['output'], logitsOf: LogitsOf): BatchOutcome {
  return tensorflow().tidy(() => {
    const logits = logitsOf();
    const loss = lossOf(logits, lesson, output).dataSync()[0]!;
    return { loss, predicted: logits.argMax<Tensor1D>(1).dataSync<'int32'>() };
  });
}
