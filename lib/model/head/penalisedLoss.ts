import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node-gpu';
import { SerengetiError } from '../../contracts/errors';
import type { Turns } from '../learning/turns';
import { tensorflow } from '../runtime';
import type { Block, Standardisation } from './featureBlocks';
import type { DenseLayer, Head } from './head';
import type { Evaluation } from './lbfgs';
import type { Metric } from './metric';
import type { TrainingSet } from './trainingSet';

/** Sequences of equal shares of all classes that are imagined at the centre of the features: no bias runs to infinity. */
const IMAGINED = 0.5;

/** Sizes of a head: its features, hidden layers and classes, and how it ends. */
export interface HeadForm {
  readonly widths: readonly number[];
  readonly output: Head['output'];
}

/** What holds the weights of a head back. */
export interface Restraint {
  readonly penalty: number;
  /** Absent: the weights of the first layer are penalised as those of standardised features. */
  readonly metric?: Metric | undefined;
}

/**
 * What a head should make small: the mean loss over the weighted rows, with `sigmoid` outputs summed over the classes,
 * plus penalty / (2 × sequences) × Σ w² over the kernels of all layers, in terms of standardised features, whitened
 * where there is a metric. The same as scikit-learn's logistic regression on these with C = 1 / penalty and a weight of 1 a
 * sequence.
 */
export class PenalisedLoss {
  /** Share of the rows whose most probable class was right, at the last evaluation. */
  accuracy = 0;

  constructor(
    private readonly form: HeadForm,
    private readonly trainingSet: TrainingSet,
    private readonly restraint: Restraint,
    private readonly turns: Turns,
  ) {}

  /** @throws SerengetiError ARTIFACT_CORRUPT where a feature is not a finite number */
  async evaluate(point: Float32Array): Promise<Evaluation> {
    const { blocks, examples, sequences, isLearned } = this.trainingSet;
    const { penalty, metric } = this.restraint;
    const parameters = tensorsOf(this.form, point, metric);
    const gradient = new Float64Array(point.length);
    let [value, total, rows, right] = [0, 0, 0, 0];
    try {
      for await (const block of blocks) {
        const weights = examples.weights(block.rows).map((weight, i) => (isLearned(block.rows[i]!) ? weight : 0));
        const outcome = this.#learn(block, parameters, weights, gradient);
        value += outcome.loss;
        outcome.predicted.forEach((label, i) => {
          if (weights[i] === 0) return;
          total += weights[i]!;
          rows++;
          if (examples.classesOf(block.rows[i]!).includes(label)) right++;
        });
        await this.turns.take();
      }
      if (!Number.isFinite(value)) {
        throw new SerengetiError('ARTIFACT_CORRUPT', 'A feature of a training frame is not a finite number');
      }
      this.accuracy = right / rows;
      value /= total;
      for (let i = 0; i < gradient.length; i++) gradient[i]! /= total;
      value += this.#imagine(parameters, IMAGINED / sequences, gradient);
      if (metric !== undefined) this.#whiten(gradient, metric);
      value += this.#penalise(point, penalty / sequences, gradient);
      return { value, gradient: new Float32Array(gradient) };
    } finally {
      parameters.forEach((parameter) => parameter.dispose());
    }
  }

  /** Adds the gradient of a block's summed loss. */
  #learn({ rows, features }: Block, parameters: readonly Tensor[], weights: Float32Array, gradient: Float64Array) {
    return this.#descend(features, parameters, { targets: this.trainingSet.examples.targets(rows), weights }, gradient);
  }

  #imagine(parameters: readonly Tensor[], weight: number, gradient: Float64Array): number {
    const [width, classes] = [this.form.widths[0]!, this.form.widths.at(-1)!];
    const centre: Tensor2D = tensorflow().zeros([1, width]);
    try {
      const targets = new Float32Array(classes).fill(1 / classes);
      return this.#descend(centre, parameters, { targets, weights: Float32Array.of(weight) }, gradient).loss;
    } finally {
      centre.dispose();
    }
  }

  /**
   * Backpropagation by hand: a multiplication a layer each way. TensorFlow.js's tape takes some fifty small operations
   * for the same, which is most of the time where there are few frames.
   */
  #descend(
    features: Tensor2D,
    parameters: readonly Tensor[],
    truth: Truth,
    gradient: Float64Array,
  ): { loss: number; predicted: Int32Array } {
    const tf = tensorflow();
    return tf.tidy(() => {
      const inputs = inputsOf(features, parameters);
      const last = parameters.length - 2;
      const logits = inputs
        .at(-1)!
        .matMul<Tensor2D>(parameters[last] as Tensor2D)
        .add(parameters[last + 1] as Tensor1D);
      const { loss, byLogit, predicted } = lossOfLogits(logits.dataSync<'float32'>(), truth, this.form.output);
      let delta = tf.tensor2d(byLogit, logits.shape as [number, number]);
      const layers = layersOf(this.form.widths);
      for (let position = layers.length - 1; position >= 0; position--) {
        const { start, end } = layers[position]!;
        addTo(gradient, start, inputs[position]!.matMul(delta, true).dataSync<'float32'>());
        addTo(gradient, end, delta.sum(0).dataSync<'float32'>());
        if (position === 0) break;
        const kernel = parameters[2 * position] as Tensor2D;
        delta = delta.matMul<Tensor2D>(kernel, false, true).mul(inputs[position]!.step<Tensor2D>(0));
      }
      return { loss, predicted };
    });
  }

  /** What the gradient says of weights of features becomes what it says of weights of whitened features. */
  #whiten(gradient: Float64Array, metric: Metric): void {
    const [{ inputs, outputs, start, end }] = layersOf(this.form.widths) as [Layer];
    const derivatives = tensorflow().tidy(() => {
      const plain = tensorflow().tensor2d(Float32Array.from(gradient.subarray(start, end)), [inputs, outputs]);
      return metric.derivativesOf(plain).dataSync<'float32'>();
    });
    gradient.set(derivatives, start);
  }

  #penalise(point: Float32Array, strength: number, gradient: Float64Array): number {
    let squares = 0;
    for (const { start, end } of kernelsOf(this.form)) {
      for (let i = start; i < end; i++) {
        squares += point[i]! ** 2;
        gradient[i]! += strength * point[i]!;
      }
    }
    return (strength / 2) * squares;
  }
}

/** What rows should be taken for, [rows, classes], and what each counts. */
interface Truth {
  readonly targets: Float32Array;
  readonly weights: Float32Array;
}

/** What each layer sees. */
function inputsOf(features: Tensor2D, parameters: readonly Tensor[]): Tensor2D[] {
  const inputs = [features];
  for (let position = 0; position < parameters.length - 2; position += 2) {
    const values = inputs.at(-1)!.matMul<Tensor2D>(parameters[position] as Tensor2D);
    inputs.push(values.add(parameters[position + 1] as Tensor1D).relu());
  }
  return inputs;
}

/**
 * Weighted sum over rows of Σ −t ln softmax(z), or of Σ −t ln σ(z) − (1 − t) ln(1 − σ(z)), and its derivatives by the
 * logits z: w (p Σ t − t) and w (p − t).
 */
function lossOfLogits(logits: Float32Array, { targets, weights }: Truth, output: Head['output']) {
  const classes = logits.length / weights.length;
  const byLogit = new Float32Array(logits.length);
  const predicted = new Int32Array(weights.length);
  let loss = 0;
  for (let row = 0; row < weights.length; row++) {
    const [start, end, weight] = [row * classes, (row + 1) * classes, weights[row]!];
    let best = start;
    for (let at = start + 1; at < end; at++) if (logits[at]! > logits[best]!) best = at;
    predicted[row] = best - start;
    let [sum, aim] = [0, 0];
    if (output === 'softmax') {
      for (let at = start; at < end; at++) {
        sum += Math.exp(logits[at]! - logits[best]!);
        aim += targets[at]!;
      }
    }
    const total = logits[best]! + Math.log(sum);
    for (let at = start; at < end; at++) {
      const [logit, target] = [logits[at]!, targets[at]!];
      if (output === 'softmax') {
        loss += weight * target * (total - logit);
        byLogit[at] = weight * (Math.exp(logit - total) * aim - target);
      } else {
        loss += weight * (Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - logit * target);
        byLogit[at] = weight * (1 / (1 + Math.exp(-logit)) - target);
      }
    }
  }
  return { loss, byLogit, predicted };
}

function addTo(gradient: Float64Array, start: number, addend: Float32Array): void {
  for (let i = 0; i < addend.length; i++) gradient[start + i]! += addend[i]!;
}

/** Kernel and bias of each layer in turn, for standardised features. Held until disposed of. */
export function tensorsOf({ widths }: HeadForm, point: Float32Array, metric?: Metric): Tensor[] {
  const tf = tensorflow();
  return layersOf(widths).flatMap(({ inputs, outputs, start, end }, position) => {
    const kernel = tf.tensor2d(point.subarray(start, end), [inputs, outputs]);
    const bias = tf.tensor1d(point.subarray(end, end + outputs));
    if (position > 0 || metric === undefined) return [kernel, bias];
    try {
      return [metric.weightsOf(kernel), bias];
    } finally {
      kernel.dispose();
    }
  });
}

/** Where the kernels lie in a point. */
function kernelsOf({ widths }: HeadForm): readonly { readonly start: number; readonly end: number }[] {
  return layersOf(widths);
}

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Of its kernel; its bias follows. */
  readonly start: number;
  readonly end: number;
}

/** The layers of a head in a point: kernel, then bias. */
function layersOf(widths: readonly number[]): Layer[] {
  let start = 0;
  return widths.slice(1).map((outputs, position) => {
    const inputs = widths[position]!;
    const layer = { inputs, outputs, start, end: start + inputs * outputs };
    start = layer.end + outputs;
    return layer;
  });
}

/** The head that a point is, for features as they come: metric and standardisation go into its first layer. */
export function headAt(form: HeadForm, point: Float32Array, standardisation: Standardisation, metric?: Metric): Head {
  const { widths, output } = form;
  const parameters = tensorsOf(form, point, metric);
  const values = parameters.map((parameter) => parameter.dataSync<'float32'>().slice());
  tensorflow().dispose(parameters);
  const layers = layersOf(widths).map(({ inputs, outputs }, position): DenseLayer => {
    const [kernel, bias] = [values[2 * position]!, values[2 * position + 1]!];
    return { inputs, outputs, kernel, bias };
  });
  return { layers: [folded(layers[0]!, standardisation), ...layers.slice(1)], output };
}

/** kernel · (x − centre) / scale + bias, in terms of x. */
function folded(layer: DenseLayer, { centre, scale }: Standardisation): DenseLayer {
  const { outputs } = layer;
  const kernel = layer.kernel.map((value, at) => value / scale[Math.floor(at / outputs)]!);
  const bias = Float64Array.from(layer.bias);
  kernel.forEach((value, at) => (bias[at % outputs]! -= value * centre[Math.floor(at / outputs)]!));
  return { ...layer, kernel, bias: Float32Array.from(bias) };
}
