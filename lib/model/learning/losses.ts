import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node-gpu';
import type { TrainingOptions } from '../../contracts/runInput';
import { tensorflow } from '../runtime';
import type { Random } from '../random';
import type { LabelledBatch } from './learner';

/** Weighted mean loss of a batch: categorical cross-entropy for `softmax`, binary for `sigmoid`. Logits are [rows, classes]. */
export function lossOf(
  logits: Tensor2D,
  { targets, weights }: Pick<LabelledBatch<unknown>, 'targets' | 'weights'>,
  output: TrainingOptions['output'],
): Scalar {
  const tf = tensorflow();
  const wanted = tf.tensor2d(targets, logits.shape);
  const losses = output === 'softmax' ? categorical(logits, wanted) : binary(logits, wanted);
  return losses.mul(tf.tensor1d(weights)).mean<Scalar>();
}

/** Sets values to 0 with the given probability and scales the others up, so that sums keep their size. */
export function dropOut(x: Tensor2D, share: number, random: Random): Tensor2D {
  if (share === 0) return x;
  const kept = 1 / (1 - share);
  const threshold = Math.round(share * 0x1_0000);
  const mask = new Float32Array(x.size);
  for (let position = 0; position < mask.length; position += 2) {
    // Sixteen bits decide finely enough, and making random numbers is what this costs.
    const bits = random.bits();
    mask[position] = (bits & 0xffff) < threshold ? 0 : kept;
    if (position + 1 < mask.length) mask[position + 1] = bits >>> 16 < threshold ? 0 : kept;
  }
  return x.mul(tensorflow().tensor2d(mask, x.shape));
}

/** −Σ t ln softmax(z), a row each. */
function categorical(logits: Tensor2D, targets: Tensor2D): Tensor1D {
  return targets.mul(logits.logSoftmax(1)).sum<Tensor1D>(1).neg();
}

/** Mean over the classes of −t ln σ(z) − (1 − t) ln(1 − σ(z)), a row each, in a form that does not overflow. */
function binary(logits: Tensor2D, targets: Tensor2D): Tensor1D {
  const tail = logits.abs().neg().exp().log1p();
  return logits.relu().sub(logits.mul(targets)).add(tail).mean<Tensor1D>(1);
}
