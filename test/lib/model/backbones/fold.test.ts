import { foldBatchNorm, sliceBatchNorm, transpose } from '../../../../lib/model/backbones/fold';
import { tensorflow } from '../../../../lib/model/runtime';
import { formulaWeights } from './formula';

const norm = {
  gamma: Float32Array.of(1, -2, 0.5),
  beta: Float32Array.of(0, 1, -1),
  mean: Float32Array.of(0.25, -0.5, 3),
  variance: Float32Array.of(1, 0.04, 9),
  epsilon: 1e-3,
};

describe('a folded convolution gives what the convolution and its batch norm gave', () => {
  it.each([
    ['plain', [3, 3, 2, 3], 2],
    ['depthwise', [3, 3, 3, 1], 3],
  ])('%s', (kind, shape, channels) => {
    const tf = tensorflow();
    tf.tidy(() => {
      const x = tf.tensor4d(formulaWeights('x/beta', [2 * 5 * 5 * channels]), [2, 5, 5, channels]);
      const kernel = { shape, data: formulaWeights('k/kernel', shape) };
      const convolve = (data: Float32Array) => {
        const values = tf.tensor4d(data, shape as [number, number, number, number]);
        return kind === 'plain' ? tf.conv2d(x, values, 1, 'same') : tf.depthwiseConv2d(x, values, 1, 'same');
      };
      const { gamma, beta, mean, variance, epsilon } = norm;
      const parameters = [mean, variance, beta, gamma].map((values) => tf.tensor1d(values));
      const expected = tf.batchNorm(
        convolve(kernel.data),
        parameters[0]!,
        parameters[1]!,
        parameters[2],
        parameters[3],
        epsilon,
      );
      const folded = foldBatchNorm(kernel, norm);
      const actual = convolve(folded.kernel.data).add(tf.tensor1d(folded.bias.data));
      expect(expected.sub(actual).abs().max().dataSync()[0]).toBeLessThan(1e-5);
      expect(folded.kernel.shape).toEqual(shape);
    });
  });
});

it('a batch norm of two convolutions side by side can be cut', () => {
  expect(sliceBatchNorm(norm, 1, 3)).toEqual({
    gamma: Float32Array.of(-2, 0.5),
    beta: Float32Array.of(1, -1),
    mean: Float32Array.of(-0.5, 3),
    variance: Float32Array.of(norm.variance[1]!, 9),
    epsilon: 1e-3,
  });
});

it('axes can be reordered', () => {
  const values = { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) };
  expect(transpose(values, [1, 0])).toEqual({ shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) });
  const kernel = { shape: [2, 3, 4, 5], data: formulaWeights('k/kernel', [2, 3, 4, 5]) };
  const tf = tensorflow();
  const expected = tf.tidy(() => tf.tensor(kernel.data, [2, 3, 4, 5]).transpose([2, 3, 1, 0]).dataSync<'float32'>());
  expect(transpose(kernel, [2, 3, 1, 0])).toEqual({ shape: [4, 5, 3, 2], data: expected });
});
