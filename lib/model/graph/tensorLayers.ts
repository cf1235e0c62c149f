import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { SerengetiError } from '../../contracts/errors';
import { tensorflow } from '../runtime';
import type { Activation, ConvolutionOptions, Layers, Margins, PoolingOptions } from './layers';

/** tfjs writes paddings in small letters. */
const PADDINGS = { SAME: 'same', VALID: 'valid' } as const;

/**
 * Runs layers at once, on tensors. Gradients flow through all of them, so a network can be trained further: give
 * variables for the parameters that may change, and write the graph anew with their values.
 *
 * Intermediate tensors are the caller's to tidy.
 *
 * @throws SerengetiError MODEL_INVALID where a parameter is missing.
 */
export class TensorLayers implements Layers<Tensor> {
  readonly #tf = tensorflow();
  readonly #parameters: ReadonlyMap<string, Tensor>;

  /** @param parameters - by the names and with the shapes of a backbone's. */
  constructor(parameters: ReadonlyMap<string, Tensor>) {
    this.#parameters = parameters;
  }

  sizeOf({ shape: [, height = 0, width = 0] }: Tensor): { height: number; width: number } {
    return { height, width };
  }

  normalise(images: Tensor, offset: number, scale: number): Tensor {
    return images.toFloat().sub(offset).mul(scale);
  }

  convolution(x: Tensor, name: string, { strides = 1, padding = 'SAME', activation }: ConvolutionOptions = {}): Tensor {
    const kernel = this.#parameter(`${name}/kernel`) as Tensor4D;
    const [height, width] = kernel.shape;
    const isPointwise = height === 1 && width === 1;
    // oneDNN's gradient of a strided 1×1 convolution may write past its memory (seen with TensorFlow 2.21).
    const sums =
      isPointwise && strides > 1
        ? this.#tf.conv2d(this.#everyOf(x, strides), kernel, 1, 'valid')
        : this.#tf.conv2d(x as Tensor4D, kernel, strides, PADDINGS[padding]);
    return this.#activate(sums.add(this.#parameter(`${name}/bias`)), activation);
  }

  depthwise(x: Tensor, name: string, { strides = 1, padding = 'SAME', activation }: ConvolutionOptions = {}): Tensor {
    const kernel = this.#parameter(`${name}/kernel`) as Tensor4D;
    const sums = this.#tf.depthwiseConv2d(x as Tensor4D, kernel, strides, PADDINGS[padding]);
    const bias = this.#parameters.get(`${name}/bias`);
    return this.#activate(bias === undefined ? sums : sums.add(bias), activation);
  }

  separable(x: Tensor, name: string, { activation, ...options }: ConvolutionOptions = {}): Tensor {
    return this.convolution(this.depthwise(x, `${name}/depthwise`, options), `${name}/pointwise`, { activation });
  }

  relu(x: Tensor): Tensor {
    return x.relu();
  }

  add(a: Tensor, b: Tensor, activation?: Activation): Tensor {
    return this.#activate(a.add(b), activation);
  }

  concatenate(...parts: Tensor[]): Tensor {
    return this.#tf.concat(parts, 3);
  }

  maxPool(x: Tensor, { size, strides = 1, padding = 'SAME' }: PoolingOptions): Tensor {
    return this.#tf.maxPool(x as Tensor4D, size, strides, PADDINGS[padding]);
  }

  averagePool(x: Tensor, { size, strides = 1, padding = 'SAME' }: PoolingOptions): Tensor {
    return this.#tf.avgPool(x as Tensor3D, size, strides, PADDINGS[padding]);
  }

  zeroPad(x: Tensor, { top = 0, bottom = 0, left = 0, right = 0 }: Margins): Tensor {
    return x.pad([
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
  }

  crop(x: Tensor, { top = 0, bottom = 0, left = 0, right = 0 }: Margins): Tensor {
    const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
    return x.slice([0, top, left, 0], [batch, height - top - bottom, width - left - right, channels]);
  }

  globalPool(x: Tensor, kind: 'average' | 'max'): Tensor {
    return kind === 'average' ? x.mean([1, 2]) : x.max([1, 2]);
  }

  dense(x: Tensor, name: string, activation?: Activation): Tensor {
    const products = x.matMul(this.#parameter(`${name}/kernel`));
    return this.#activate(products.add(this.#parameter(`${name}/bias`)), activation);
  }

  /** Every second pixel of every second row, where `strides` is 2. Unlike a slice with strides, a pool has a gradient. */
  #everyOf(x: Tensor, strides: number): Tensor4D {
    return this.#tf.avgPool(x as Tensor4D, 1, strides, 'valid');
  }

  #activate(x: Tensor, activation: Activation = 'linear'): Tensor {
    return activation === 'linear' ? x : this.#tf[activation](x);
  }

  #parameter(name: string): Tensor {
    const parameter = this.#parameters.get(name);
    if (parameter === undefined) throw new SerengetiError('MODEL_INVALID', `The parameter "${name}" is missing`);
    return parameter;
  }
}
