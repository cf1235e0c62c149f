import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node-gpu';
import { tensorflow } from '../runtime';
import type { Head } from './head';

/**
 * The values before the last activation, [rows, classes].
 *
 * @param parameters - kernel and bias of each layer in turn
 * @param dropOut - what is done to the input of each layer in training
 */
export function logitsOf(
  features: Tensor2D,
  parameters: readonly Tensor[],
  dropOut: (x: Tensor2D) => Tensor2D = (x) => x,
): Tensor2D {
  let x = features;
  for (let position = 0; position < parameters.length; position += 2) {
    if (position > 0) x = x.relu();
    x = dropOut(x)
      .matMul<Tensor2D>(parameters[position] as Tensor2D)
      .add(parameters[position + 1] as Tensor1D);
  }
  return x;
}

/** A head that predicts. Holds TensorFlow's memory until `dispose`. */
export class HeadNetwork {
  readonly #head: Head;
  readonly #parameters: readonly Tensor[];

  constructor(head: Head) {
    const tf = tensorflow();
    this.#head = head;
    this.#parameters = head.layers.flatMap(({ kernel, bias, inputs, outputs }) => [
      tf.tensor2d(kernel, [inputs, outputs]),
      tf.tensor1d(bias),
    ]);
  }

  /** Length of the features that it takes. */
  get inputs(): number {
    return this.#head.layers[0]!.inputs;
  }

  /** Probabilities, [rows, classes], of features, [rows, inputs]. */
  predict(features: Float32Array): Float32Array {
    return tensorflow().tidy(() => {
      const logits = this.#logitsOf(features);
      return (this.#head.output === 'softmax' ? logits.softmax() : logits.sigmoid()).dataSync<'float32'>();
    });
  }

  dispose(): void {
    for (const parameter of this.#parameters) parameter.dispose();
  }

  #logitsOf(features: Float32Array): Tensor2D {
    const rows = features.length / this.inputs;
    return logitsOf(tensorflow().tensor2d(features, [rows, this.inputs]), this.#parameters);
  }
}
