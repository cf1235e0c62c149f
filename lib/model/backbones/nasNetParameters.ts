import type { Parameter, Parameters } from '../graph';
import type { WeightSet } from '../weights';
import { foldBatchNorm, sliceBatchNorm } from './fold';
import type { BatchNorm } from './fold';
import { BRANCHES, CELLS, STEM_CHANNELS } from './nasNetCells';
import type { Branch, Cell } from './nasNetCells';

const EPSILON = 1e-3;

/**
 * Collects NASNetMobile's parameters from the layers of Keras.
 *
 * @throws SerengetiError WEIGHTS_INVALID
 */
export function nasNetParameters(weights: WeightSet): Parameters {
  const collector = new Collector(weights);
  collector.convolution('stem/convolution', 'stem_conv1', 'stem_bn1', [3, 3, 3, STEM_CHANNELS]);
  for (const cell of CELLS) collector.cell(cell);
  return collector.parameters;
}

class Collector {
  readonly parameters = new Map<string, Parameter>();
  readonly #weights: WeightSet;

  constructor(weights: WeightSet) {
    this.#weights = weights;
  }

  cell(cell: Cell): void {
    const { name, kind, suffix, inputs, filters } = cell;
    this.#adjustment(cell);
    const squeeze = [1, 1, inputs, filters];
    this.convolution(`${name}/squeeze`, `${kind}_conv_1_${suffix}`, `${kind}_bn_1_${suffix}`, squeeze);
    for (const branch of BRANCHES[kind]) this.#branch(cell, branch);
  }

  convolution(name: string, layer: string, norm: string, shape: readonly number[]): void {
    const kernel = { shape, data: this.#weights.get(`${layer}/kernel`, shape) };
    this.#fold(name, kernel, this.#batchNorm(norm, shape.at(-1)!));
  }

  #adjustment({ name, suffix, adjustment, olderInputs, filters }: Cell): void {
    const norm = `adjust_bn_${suffix}`;
    if (adjustment === 'project') {
      this.convolution(`${name}/adjust`, `adjust_conv_projection_${suffix}`, norm, [1, 1, olderInputs, filters]);
    }
    if (adjustment === 'reduce') {
      // Two convolutions side by side share one batch norm.
      const [shape, half, all] = [[1, 1, olderInputs, filters / 2], filters / 2, this.#batchNorm(norm, filters)];
      const even = { shape, data: this.#weights.get(`adjust_conv_1_${suffix}/kernel`, shape) };
      const odd = { shape, data: this.#weights.get(`adjust_conv_2_${suffix}/kernel`, shape) };
      this.#fold(`${name}/adjust_even`, even, sliceBatchNorm(all, 0, half));
      this.#fold(`${name}/adjust_odd`, odd, sliceBatchNorm(all, half, filters));
    }
  }

  #branch(cell: Cell, { place, size, older }: Branch): void {
    const { name, kind, suffix, filters } = cell;
    const inputs = older && cell.adjustment === 'none' ? cell.olderInputs : filters;
    const layer = (index: number) => `separable_conv_${index}_${kind}_${place}_${suffix}`;
    const norm = (index: number) => `separable_conv_${index}_bn_${kind}_${place}_${suffix}`;
    this.#separable(`${name}/${place}/first`, layer(1), norm(1), [size, size, inputs, 1], filters);
    this.#separable(`${name}/${place}/second`, layer(2), norm(2), [size, size, filters, 1], filters);
  }

  #separable(name: string, layer: string, norm: string, shape: readonly number[], outputs: number): void {
    const pointwise = [1, 1, shape[2]!, outputs];
    const kernel = { shape: pointwise, data: this.#weights.get(`${layer}/pointwise_kernel`, pointwise) };
    const depthwise = { shape, data: this.#weights.get(`${layer}/depthwise_kernel`, shape) };
    this.parameters.set(`${name}/depthwise/kernel`, depthwise);
    this.#fold(`${name}/pointwise`, kernel, this.#batchNorm(norm, outputs));
  }

  #fold(name: string, kernel: Parameter, norm: BatchNorm): void {
    const folded = foldBatchNorm(kernel, norm);
    this.parameters.set(`${name}/kernel`, folded.kernel).set(`${name}/bias`, folded.bias);
  }

  #batchNorm(layer: string, channels: number): BatchNorm {
    const values = (name: string) => this.#weights.get(`${layer}/${name}`, [channels]);
    return {
      gamma: values('gamma'),
      beta: values('beta'),
      mean: values('moving_mean'),
      variance: values('moving_variance'),
      epsilon: EPSILON,
    };
  }
}
