import type { Layers, Parameter, Parameters } from '../graph';
import type { WeightSet } from '../weights';
import type { Backbone, Stage, State } from './backbone';
import { foldBatchNorm, transpose } from './fold';
import type { BatchNorm } from './fold';

/**
 * EfficientNet-Lite0: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks" (2019),
 * table 1, in the Lite variant for accelerators: ReLU6 for swish, no squeeze-and-excitation.
 */
const GROUPS = [
  { repeats: 1, size: 3, strides: 1, expansion: 1, channels: 16 },
  { repeats: 2, size: 3, strides: 2, expansion: 6, channels: 24 },
  { repeats: 2, size: 5, strides: 2, expansion: 6, channels: 40 },
  { repeats: 3, size: 3, strides: 2, expansion: 6, channels: 80 },
  { repeats: 3, size: 5, strides: 1, expansion: 6, channels: 112 },
  { repeats: 4, size: 5, strides: 2, expansion: 6, channels: 192 },
  { repeats: 1, size: 3, strides: 1, expansion: 6, channels: 320 },
] as const;

const STEM_CHANNELS = 32;
const FEATURES = 1280;
const EPSILON = 1e-3;

interface Block {
  readonly name: string;
  /** Side of the depthwise kernel. */
  readonly size: number;
  readonly strides: number;
  readonly inputs: number;
  readonly expanded: number;
  readonly outputs: number;
}

const BLOCKS: readonly Block[] = GROUPS.flatMap(({ repeats, size, strides, expansion, channels }, group) => {
  const before = GROUPS[group - 1]?.channels ?? STEM_CHANNELS;
  return Array.from({ length: repeats }, (_, repeat) => {
    const inputs = repeat === 0 ? before : channels;
    return { size, strides: repeat === 0 ? strides : 1, inputs, expanded: inputs * expansion, outputs: channels };
  });
}).map((block, index) => ({ name: `block${index}`, ...block }));

const stem: Stage = {
  name: 'stem',
  run: <T>(layers: Layers<T>, [images]: State<T>): State<T> => {
    const x = layers.normalise(images, 127, 1 / 128);
    return [layers.convolution(x, 'stem/convolution', { strides: 2, activation: 'relu6' })];
  },
};

/** Inverted residual: expand with 1×1, filter each channel, project back; added to its input where both fit. */
function invertedResidual({ name, strides, inputs, expanded, outputs }: Block): Stage {
  return {
    name,
    run: <T>(layers: Layers<T>, [input]: State<T>) => {
      let x = input;
      if (expanded !== inputs) x = layers.convolution(x, `${name}/expand`, { activation: 'relu6' });
      x = layers.depthwise(x, `${name}/filter`, { strides, activation: 'relu6' });
      x = layers.convolution(x, `${name}/project`);
      return [strides === 1 && inputs === outputs ? layers.add(x, input) : x];
    },
  };
}

const head: Stage = {
  name: 'head',
  run: <T>(layers: Layers<T>, [x]: State<T>) => [layers.convolution(x, 'head/convolution', { activation: 'relu6' })],
};

/** Names and axes are those of the PyTorch port: kernels [channels out, channels in, height, width]. */
function parameters(weights: WeightSet): Parameters {
  const result = new Map<string, Parameter>();

  convolution('stem/convolution', '_conv_stem', '_bn0', [STEM_CHANNELS, 3, 3, 3]);
  BLOCKS.forEach(({ name, size, inputs, expanded, outputs }, index) => {
    const at = `_blocks.${index}`;
    if (expanded !== inputs)
      convolution(`${name}/expand`, `${at}._expand_conv`, `${at}._bn0`, [expanded, inputs, 1, 1]);
    depthwise(`${name}/filter`, `${at}._depthwise_conv`, `${at}._bn1`, [expanded, 1, size, size]);
    convolution(`${name}/project`, `${at}._project_conv`, `${at}._bn2`, [outputs, expanded, 1, 1]);
  });
  convolution('head/convolution', '_conv_head', '_bn1', [FEATURES, BLOCKS.at(-1)!.outputs, 1, 1]);
  return result;

  function convolution(name: string, kernel: string, norm: string, shape: readonly number[]): void {
    fold(name, kernel, norm, shape, [2, 3, 1, 0]);
  }

  function depthwise(name: string, kernel: string, norm: string, shape: readonly number[]): void {
    fold(name, kernel, norm, shape, [2, 3, 0, 1]);
  }

  function fold(name: string, kernel: string, norm: string, shape: readonly number[], axes: readonly number[]): void {
    const data = weights.get(`${kernel}.weight`, shape);
    const folded = foldBatchNorm(transpose({ shape, data }, axes), batchNorm(norm, shape[0]!));
    result.set(`${name}/kernel`, folded.kernel).set(`${name}/bias`, folded.bias);
  }

  function batchNorm(norm: string, channels: number): BatchNorm {
    return {
      gamma: weights.get(`${norm}.weight`, [channels]),
      beta: weights.get(`${norm}.bias`, [channels]),
      mean: weights.get(`${norm}.running_mean`, [channels]),
      variance: weights.get(`${norm}.running_var`, [channels]),
      epsilon: EPSILON,
    };
  }
}

export const efficientNetLite0: Backbone = {
  name: 'efficientnet-lite0',
  featureWidth: FEATURES,
  defaultPooling: 'average',
  source: {
    file: 'efficientnet-lite0-57934424.safetensors',
    bytes: 18_803_356,
    digest: { algorithm: 'sha256', hex: 'f9869acb591951195c65131e53e300c14dfb7d03e7c57af8beeedec53a8b309f' },
    publishedSha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
    licence: 'Apache-2.0',
  },
  stages: [stem, ...BLOCKS.map(invertedResidual), head],
  parameters,
};
