import type { Calibration } from '../../contracts/model';
import type { WorkOptions } from '../../contracts/progress';
import { calibrate, LEAST_PROBABILITY, MOST_PROBABILITY } from '../corrections';
import { Turns } from '../learning/turns';
import { begin, isConverged, iterate, type Evaluation } from './lbfgs';
import { lossesOf, meanLoss, type LeftOut, type Scoring } from './leftOut';

/** How far the head's share and the biases stray where nothing asks them to: few sequences move them little. */
const SHARE_DEVIATION = 1;
const BIAS_DEVIATION = 0.5;
const TOLERANCE = 1e-5;
const MOST_ITERATIONS = 200;
/** Sequences between which the event loop may have its turn: thirty thousand take about a second at each evaluation. */
const SEQUENCES_A_TURN = 256;
type Output = Scoring['output'];

/** A head with less of a say than this has none. */
const LEAST_SHARE = 1e-3;
/** A temperature at which nothing is left of what a head says. */
const DEAF = 1e9;

/**
 * The calibration that sequences ask for which were not learned from. Where even so the class frequencies alone would do
 * as well on them, it answers these: no model leaves that knows less than nothing.
 */
export async function calibrationFor(
  leftOut: LeftOut,
  { output, priors }: Pick<Scoring, 'output' | 'priors'>,
  { onWarning, signal }: WorkOptions = {},
): Promise<Calibration> {
  const calibration = await fitCalibration(leftOut, output, priors, new Turns(signal));
  const reached = calibration && calibratedLoss(leftOut, output, calibration);
  const ofPriors = priorLoss(leftOut, priors);
  if (calibration !== undefined && reached! < ofPriors) return calibration;
  const message =
    `On sequences left out the head does no better than the class frequencies, whose log loss is ` +
    `${ofPriors.toFixed(4)}: its features tell nothing of these classes, and the model answers their frequencies`;
  onWarning?.({ message });
  return answeringPriors(priors, output);
}

/** Mean log loss of sequences that were left out. */
export function calibratedLoss(
  leftOut: LeftOut,
  output: Scoring['output'],
  calibration: Calibration | undefined,
): number {
  return meanLoss(
    lossesOf(leftOut, (row) => calibrate(row, { output, ...(calibration && { calibration }) })),
    leftOut,
  );
}

/** The same, were each answered with the class frequencies. */
export function priorLoss(leftOut: LeftOut, priors: readonly number[]): number {
  return meanLoss(
    lossesOf(leftOut, () => priors),
    leftOut,
  );
}

/**
 * The temperature and biases under which sequences that were not learned from have the least log loss. With the logits z
 * of a head and π of the class frequencies, it answers a z + (1 − a) π + b: the head's share a is normal around 1, b around
 * 0, so that few sequences move little, and a head that is too sure is drawn towards the frequencies. T = 1 / a. (Vector
 * scaling of Guo, Pleiss, Sun, Weinberger 2017, section 4.2, with one temperature, on the log loss that models are
 * scored by.)
 *
 * @returns `undefined` where the head has no share
 */
async function fitCalibration(
  leftOut: LeftOut,
  output: Output,
  priors: readonly number[],
  turns: Turns,
): Promise<Calibration | undefined> {
  // A class that was never seen is as rare as half a sequence of these would make it.
  const rarest = 0.5 / leftOut.probabilities.length;
  const frequencies = logitsOf(
    Float64Array.from(priors, (prior) => Math.max(prior, rarest)),
    output,
  );
  const answers = leftOut.probabilities.map((row) => logitsOf(row, output));
  const objective = (point: Float32Array) => evaluate(point, frequencies, { ...leftOut, answers }, output, turns);
  const start = new Float32Array(priors.length + 1);
  start[0] = 1;
  let state = await begin(objective, start);
  while (!isConverged(state, TOLERANCE) && state.iterations < MOST_ITERATIONS) state = await iterate(objective, state);
  const [share, ...bias] = state.point;
  if (!(share! > LEAST_SHARE)) return undefined;
  return { temperature: 1 / share!, bias: bias.map((own, label) => (1 - share!) * frequencies[label]! + own) };
}

/** Of one probability a class, as far from 0 and 1 as {@link calibrate} keeps them. */
function logitsOf(row: Float64Array, output: Output): Float64Array {
  return row.map((value) => {
    const p = Math.min(Math.max(value, LEAST_PROBABILITY), MOST_PROBABILITY);
    return Math.log(output === 'softmax' ? p : p / (1 - p));
  });
}

/** Answers with the class frequencies, whatever the head says. */
function answeringPriors(priors: readonly number[], output: Output): Calibration {
  return { temperature: DEAF, bias: Array.from(logitsOf(Float64Array.from(priors), output)) };
}

/** @param point - the head's share, then the biases */
async function evaluate(
  point: Float32Array,
  frequencies: Float64Array,
  { answers, truth, weights }: Pick<LeftOut, 'truth' | 'weights'> & { readonly answers: readonly Float64Array[] },
  output: Output,
  turns: Turns,
): Promise<Evaluation> {
  // As many sequences of equal weight would say as much: Kish 1965, section 11.7.
  const total = answers.length;
  const effective = total ** 2 / weights.reduce((sum, weight) => sum + weight ** 2, 0);
  const [share, ...bias] = point;
  const gradient = new Float64Array(point.length);
  let value = 0;
  for (const [i, own] of answers.entries()) {
    const logits = own.map((logit, label) => share! * logit + (1 - share!) * frequencies[label]! + bias[label]!);
    const { loss, byLogit } = output === 'softmax' ? exclusive(logits, truth[i]!) : independent(logits, truth[i]!);
    value += weights[i]! * loss;
    byLogit.forEach((derivative, label) => {
      gradient[label + 1]! += weights[i]! * derivative;
      gradient[0]! += weights[i]! * derivative * (own[label]! - frequencies[label]!);
    });
    if (i % SEQUENCES_A_TURN === 0) await turns.take();
  }
  point.forEach((own, i) => {
    const [away, deviation] = i === 0 ? [own - 1, SHARE_DEVIATION] : [own, BIAS_DEVIATION];
    value += ((total / effective) * (away / deviation) ** 2) / 2;
    gradient[i]! += ((total / effective) * away) / deviation ** 2;
  });
  return { value: value / total, gradient: Float32Array.from(gradient, (sum) => sum / total) };
}

interface Loss {
  /** Binary log loss, summed over the classes. */
  readonly loss: number;
  /** Its derivatives by the logits. */
  readonly byLogit: Float64Array;
}

/** Of p = softmax(z): ∂/∂zₖ = aₖ − pₖ Σ aⱼ, where aⱼ = pⱼ ∂loss/∂pⱼ = (pⱼ − yⱼ) / (1 − pⱼ). */
function exclusive(logits: Float64Array, truth: readonly number[]): Loss {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
  const p = logits.map((logit) =>
    Math.min(Math.max(Math.exp(logit - most) / sum, LEAST_PROBABILITY), MOST_PROBABILITY),
  );
  const isTrue = p.map((_, label) => (truth.includes(label) ? 1 : 0));
  const own = p.map((value, label) => (value - isTrue[label]!) / (1 - value));
  const all = own.reduce((total, value) => total + value, 0);
  const loss = p.reduce((total, value, label) => total - Math.log(isTrue[label] === 1 ? value : 1 - value), 0);
  return { loss, byLogit: own.map((value, label) => value - p[label]! * all) };
}

/** Of p = σ(z): ∂/∂zₖ = pₖ − yₖ. */
function independent(logits: Float64Array, truth: readonly number[]): Loss {
  let loss = 0;
  const byLogit = logits.map((logit, label) => {
    const isTrue = truth.includes(label);
    loss += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - (isTrue ? logit : 0);
    return 1 / (1 + Math.exp(-logit)) - (isTrue ? 1 : 0);
  });
  return { loss, byLogit };
}
