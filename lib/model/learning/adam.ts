import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import { tensorflow } from '../runtime';

/** As in Keras. */
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-7;

/** Names and shapes of what is learned, in the order of {@link LearnerState}. */
export type ParameterShapes = ReadonlyMap<string, readonly number[]>;

/** Parameters in training, one array each. */
export interface LearnerState {
  readonly parameters: readonly Float32Array[];
  /** Running means of the gradients and of their squares. */
  readonly means: readonly Float32Array[];
  readonly squares: readonly Float32Array[];
  /** Updates made so far. */
  readonly updates: number;
}

/** Where training begins. */
export function initialState(parameters: readonly Float32Array[]): LearnerState {
  const zeros = () => parameters.map(({ length }) => new Float32Array(length));
  return { parameters, means: zeros(), squares: zeros(), updates: 0 };
}

interface Moments {
  readonly value: Variable;
  readonly mean: Variable;
  readonly square: Variable;
  /** Of the losses since the last step. */
  gradient?: Tensor | undefined;
}

/**
 * Parameters that learn by Adam. Given equal state and losses it makes equal updates, bit by bit, so that training can
 * go on from a stored {@link state} as if nothing had happened.
 *
 * Holds TensorFlow's memory until `dispose`.
 */
export class Adam {
  readonly #moments: readonly Moments[];
  #updates: number;

  constructor(shapes: ParameterShapes, state: LearnerState) {
    const tf = tensorflow();
    this.#updates = state.updates;
    this.#moments = [...shapes.values()].map((shape, position) => {
      const variable = (data: Float32Array) => tf.tidy(() => tf.variable(tf.tensor(data, [...shape])));
      return {
        value: variable(state.parameters[position]!),
        mean: variable(state.means[position]!),
        square: variable(state.squares[position]!),
      };
    });
  }

  /** The parameters, in the order of their shapes. */
  get values(): readonly Variable[] {
    return this.#moments.map(({ value }) => value);
  }

  /** Adds the gradient of a loss to what the next {@link step} descends. @returns the loss */
  descend(loss: () => Scalar): number {
    const tf = tensorflow();
    return tf.tidy(() => {
      const { value, grads } = this.#gradients(loss);
      for (const moments of this.#moments) {
        const { gradient: earlier } = moments;
        const gradient = grads[moments.value.name]!;
        moments.gradient = tf.keep(earlier === undefined ? gradient : earlier.add(gradient));
        earlier?.dispose();
      }
      return value.dataSync()[0]!;
    });
  }

  step(learningRate: number): void {
    this.#updates++;
    const rate = (learningRate * Math.sqrt(1 - BETA_2 ** this.#updates)) / (1 - BETA_1 ** this.#updates);
    for (const moments of this.#moments) {
      tensorflow().tidy(() => step(moments, moments.gradient!, rate));
      forget(moments);
    }
  }

  #gradients(loss: () => Scalar) {
    try {
      return tensorflow().variableGrads(loss, [...this.values]);
    } catch (error) {
      letGoOfTape();
      throw error;
    }
  }

  state(): LearnerState {
    const values = (kind: 'value' | 'mean' | 'square') =>
      this.#moments.map((moments) => moments[kind].dataSync<'float32'>().slice());
    return { parameters: values('value'), means: values('mean'), squares: values('square'), updates: this.#updates };
  }

  dispose(): void {
    for (const moments of this.#moments) {
      const { value, mean, square } = moments;
      for (const variable of [value, mean, square]) variable.dispose();
      forget(moments);
    }
  }
}

/** tfjs keeps what a gradient needs until it is made; where the loss throws, it never is. */
function letGoOfTape(): void {
  const { state } = tensorflow().engine();
  tensorflow().dispose((state.activeTape ?? []).flatMap(({ saved }) => saved ?? []));
  state.activeTape = [];
}

function forget(moments: Moments): void {
  moments.gradient?.dispose();
  moments.gradient = undefined;
}

/** Kingma and Ba 2015, in the form at the end of section 2, where `rate` holds both corrections of bias. */
function step({ value, mean, square }: Moments, gradient: Tensor, rate: number): void {
  mean.assign(mean.mul(BETA_1).add(gradient.mul(1 - BETA_1)));
  square.assign(square.mul(BETA_2).add(gradient.square().mul(1 - BETA_2)));
  value.assign(value.sub(mean.mul(rate).div(square.sqrt().add(EPSILON))));
}
