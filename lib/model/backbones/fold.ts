import type { Parameter } from '../graph';

/** Statistics of a batch norm layer at rest, one value a channel. */
export interface BatchNorm {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** A convolution that gives what the convolution and its batch norm gave. */
export interface Folded {
  readonly kernel: Parameter;
  readonly bias: Parameter;
}

/**
 * Folds a batch norm into the convolution before it: γ·(K∗x − μ)/√(σ² + ε) + β = (K·s)∗x + (β − μ·s), s = γ/√(σ² + ε).
 *
 * @param kernel - [height, width, channels in, channels out], or [height, width, channels, 1] of a depthwise
 *   convolution: either way, the channels that the batch norm counts are the fastest axis.
 */
export function foldBatchNorm(kernel: Parameter, { gamma, beta, mean, variance, epsilon }: BatchNorm): Folded {
  const channels = gamma.length;
  const scales = Float64Array.from(gamma, (value, channel) => value / Math.sqrt(variance[channel]! + epsilon));
  return {
    kernel: { shape: kernel.shape, data: kernel.data.map((value, index) => value * scales[index % channels]!) },
    bias: { shape: [channels], data: beta.map((value, channel) => value - mean[channel]! * scales[channel]!) },
  };
}

/** The channels of a batch norm from `start` up to, not including, `end`. */
export function sliceBatchNorm(norm: BatchNorm, start: number, end: number): BatchNorm {
  const part = (values: Float32Array) => values.subarray(start, end);
  return {
    gamma: part(norm.gamma),
    beta: part(norm.beta),
    mean: part(norm.mean),
    variance: part(norm.variance),
    epsilon: norm.epsilon,
  };
}

/** Reorders axes: axis `i` of the result is axis `order[i]` of the tensor. */
export function transpose({ shape, data }: Parameter, order: readonly number[]): Parameter {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const axes = order.map((axis) => ({ length: shape[axis]!, stride: strides[axis]! }));
  const values = new Float32Array(data.length);
  let position = 0;
  copy(0, 0);
  return { shape: axes.map(({ length }) => length), data: values };

  function copy(depth: number, from: number): void {
    const axis = axes[depth];
    if (axis === undefined) {
      values[position++] = data[from]!;
      return;
    }
    for (let index = 0; index < axis.length; index++) copy(depth + 1, from + index * axis.stride);
  }
}
