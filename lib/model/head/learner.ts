import type { Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-node-gpu';
import { tensorflow } from '../runtime';
import { layerNames, type DenseLayer, type Head } from './head';
import { logitsOf } from './network';
import type { Random } from '../random';

/** Of Adam, as in Keras. */
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-7;

/** A head in training. Arrays are one a parameter, kernel and bias of each layer in turn. */
export interface LearnerState {
  readonly parameters: readonly Float32Array[];
  /** Running means of the gradients and of their squares. */
  readonly means: readonly Float32Array[];
  readonly squares: readonly Float32Array[];
  /** Updates made so far. */
  readonly updates: number;
}

export interface LearningBatch {
  /** [rows, width]. */
  readonly features: Float32Array;
  /** [rows, classes]. */
  readonly targets: Float32Array;
  /** [rows]. */
  readonly weights: Float32Array;
}

/** Weighted mean loss of a batch, and the most probable class of each of its rows. */
export interface BatchOutcome {
  readonly loss: number;
  readonly predicted: Int32Array;
}

interface Parameter {
  readonly value: Variable;
  readonly mean: Variable;
  readonly square: Variable;
}

/**
 * Trains a head with Adam on TensorFlow. Given equal state and batches it makes equal updates, bit by bit, so that
 * training can go on from a stored {@link state} as if nothing had happened.
 *
 * Holds TensorFlow's memory until `dispose`.
 */
export class Learner {
  readonly #head: Head;
  readonly #parameters: readonly Parameter[];
  #updates: number;

  /** @param state - to go on from; without it, training begins at `head` */
  constructor(head: Head, state: LearnerState = initialState(head)) {
    const tf = tensorflow();
    this.#head = head;
    this.#updates = state.updates;
    this.#parameters = shapesOf(head).map((shape, position) => {
      const variable = (data: Float32Array) => tf.tidy(() => tf.variable(tf.tensor(data, shape)));
      return {
        value: variable(state.parameters[position]!),
        mean: variable(state.means[position]!),
        square: variable(state.squares[position]!),
      };
    });
  }

  /** One update of the parameters. `random` chooses what dropout leaves out. */
  update(batch: LearningBatch, dropout: number, learningRate: number, random: Random): BatchOutcome {
    const tf = tensorflow();
    return tf.tidy(() => {
      let predicted: Tensor1D | undefined;
      const { value, grads } = tf.variableGrads(
        () => {
          const { loss, logits } = this.#lossOf(batch, { share: dropout, random });
          predicted = tf.keep(logits.argMax<Tensor1D>(1));
          return loss;
        },
        this.#parameters.map((parameter) => parameter.value),
      );
      this.#updates++;
      const rate = (learningRate * Math.sqrt(1 - BETA_2 ** this.#updates)) / (1 - BETA_1 ** this.#updates);
      for (const parameter of this.#parameters) adam(parameter, grads[parameter.value.name]!, rate);
      const outcome = { loss: value.dataSync()[0]!, predicted: predicted!.dataSync<'int32'>() };
      predicted!.dispose();
      return outcome;
    });
  }

  /** Loss and predictions of a batch as they are, without dropout. */
  evaluate(batch: LearningBatch): BatchOutcome {
    const tf = tensorflow();
    return tf.tidy(() => {
      const { loss, logits } = this.#lossOf(batch);
      return { loss: loss.dataSync()[0]!, predicted: logits.argMax<Tensor1D>(1).dataSync<'int32'>() };
    });
  }

  state(): LearnerState {
    const values = (kind: keyof Parameter) =>
      this.#parameters.map((parameter) => parameter[kind].dataSync<'float32'>().slice());
    return { parameters: values('value'), means: values('mean'), squares: values('square'), updates: this.#updates };
  }

  dispose(): void {
    for (const { value, mean, square } of this.#parameters) [value, mean, square].forEach((v) => v.dispose());
  }

  #lossOf(batch: LearningBatch, dropout?: Dropout): { loss: Scalar; logits: Tensor2D } {
    const tf = tensorflow();
    const rows = batch.weights.length;
    const features = tf.tensor2d(batch.features, [rows, batch.features.length / rows]);
    const targets = tf.tensor2d(batch.targets, [rows, batch.targets.length / rows]);
    const parameters = this.#parameters.map(({ value }) => value);
    const logits = logitsOf(features, parameters, dropout && ((x) => dropOut(x, dropout)));
    const losses = this.#head.output === 'softmax' ? categorical(logits, targets) : binary(logits, targets);
    return { loss: losses.mul(tf.tensor1d(batch.weights)).mean<Scalar>(), logits };
  }
}

interface Dropout {
  readonly share: number;
  readonly random: Random;
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

function initialState({ layers }: Head): LearnerState {
  const parameters = layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  const zeros = () => parameters.map(({ length }) => new Float32Array(length));
  return { parameters, means: zeros(), squares: zeros(), updates: 0 };
}

/** Names and shapes of the parameters, in the order of {@link LearnerState}. */
export function parameterShapes({ layers }: Head): Map<string, readonly number[]> {
  const names = layerNames(layers.length);
  return new Map(
    layers.flatMap(({ inputs, outputs }, position): [string, readonly number[]][] => [
      [`${names[position]}/kernel`, [inputs, outputs]],
      [`${names[position]}/bias`, [outputs]],
    ]),
  );
}

function shapesOf(head: Head): number[][] {
  return [...parameterShapes(head).values()].map((shape) => [...shape]);
}

/** Sets values to 0 with the given probability and scales the others up, so that sums keep their size. */
function dropOut(x: Tensor2D, { share, random }: Dropout): Tensor2D {
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

/** Kingma and Ba 2015, in the form at the end of section 2, where `rate` holds both corrections of bias. */
function adam({ value, mean, square }: Parameter, gradient: Tensor, rate: number): void {
  mean.assign(mean.mul(BETA_1).add(gradient.mul(1 - BETA_1)));
  square.assign(square.mul(BETA_2).add(gradient.square().mul(1 - BETA_2)));
  value.assign(value.sub(mean.mul(rate).div(square.sqrt().add(EPSILON))));
}
