import type { Tensor2D } from '@tensorflow/tfjs-node-gpu';
import { Adam, initialState, type LearnerState, type ParameterShapes } from '../learning/adam';
import { judge, learn } from '../learning/learn';
import type { BatchOutcome, Learner, LabelledBatch } from '../learning/learner';
import { dropOut } from '../learning/losses';
import type { Random } from '../random';
import { tensorflow } from '../runtime';
import { layerNames, type DenseLayer, type Head } from './head';
import { logitsOf } from './network';

/** A head that learns from feature vectors, [rows, width]. */
export class HeadLearner implements Learner<Float32Array> {
  readonly #output: Head['output'];
  readonly #dropout: number;
  readonly #adam: Adam;

  /**
   * @param dropout - share that is left out before each layer in training
   * @param state - to go on from; without it, training begins at `head`
   */
  constructor(head: Head, dropout: number, state: LearnerState = initialState(parametersOf(head))) {
    this.#output = head.output;
    this.#dropout = dropout;
    this.#adam = new Adam(headShapes(head), state);
  }

  async update(batch: LabelledBatch<Float32Array>, learningRate: number, random: Random): Promise<BatchOutcome> {
    const outcome = learn(this.#adam, batch, this.#output, () =>
      this.#logitsOf(batch, (x) => dropOut(x, this.#dropout, random)),
    );
    this.#adam.step(learningRate);
    return outcome;
  }

  async evaluate(batch: LabelledBatch<Float32Array>): Promise<BatchOutcome> {
    return judge(batch, this.#output, () => this.#logitsOf(batch));
  }

  state(): LearnerState {
    return this.#adam.state();
  }

  dispose(): void {
    this.#adam.dispose();
  }

  #logitsOf({ input, weights }: LabelledBatch<Float32Array>, drop?: (x: Tensor2D) => Tensor2D): Tensor2D {
    const rows = weights.length;
    return logitsOf(tensorflow().tensor2d(input, [rows, input.length / rows]), this.#adam.values, drop);
  }
}

/** The head that a learner's parameters make. */
export function headOf(template: Head, parameters: readonly Float32Array[]): Head {
  const layers = template.layers.map(({ inputs, outputs }, position): DenseLayer => ({
    inputs,
    outputs,
    kernel: parameters[2 * position]!,
    bias: parameters[2 * position + 1]!,
  }));
  return { layers, output: template.output };
}

/** Kernel and bias of each layer in turn. */
export function parametersOf({ layers }: Head): Float32Array[] {
  return layers.flatMap(({ kernel, bias }) => [kernel, bias]);
}

/** Names and shapes of a head's parameters. */
export function headShapes({ layers }: Head): ParameterShapes {
  const names = layerNames(layers.length);
  return new Map(
    layers.flatMap(({ inputs, outputs }, position): [string, readonly number[]][] => [
      [`${names[position]}/kernel`, [inputs, outputs]],
      [`${names[position]}/bias`, [outputs]],
    ]),
  );
}
