import { normalizedLabel } from '../contracts/labelNames';
import { wilson } from '../model/metrics/wilson';
import { findingOf, type Opinions } from './marks';

/** A sequence in the order in which it was drawn. */
export interface Drawn {
  /** What the model says. */
  readonly answer: string;
  readonly opinions: Opinions;
}

/** The share of right answers after so many reviews, with its 95 % interval. */
export interface AccuracyPoint {
  readonly reviewed: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Accuracy {
  /** How the estimate went as the sample grew, the last point being the estimate; none before the first review. */
  readonly points: readonly AccuracyPoint[];
  /** Sequences drawn on which people disagree or which nobody could tell: they are no part of it. */
  readonly leftOut: number;
  /** How many reviews more would bring the estimate to ± so much. */
  readonly needed: readonly { readonly margin: number; readonly more: number }[];
}

const MOST_POINTS = 60;
const MARGINS = [0.05, 0.03, 0.01];
const Z = 1.959964; // two-sided 95 %

/**
 * Estimates how often the model is right in all sequences from those that were reviewed in the order of a draw, without
 * a gap from the first on: a random sample, which the most doubtful sequences, or those of one class, are not.
 *
 * @param drawn - in the order of the draw; read as far as there are reviews
 * @param total - sequences in all: a sample that is a good part of them knows more
 */
export function estimateAccuracy(drawn: Iterable<Drawn>, total: number): Accuracy {
  const right: boolean[] = [];
  let leftOut = 0;
  for (const { answer, opinions } of drawn) {
    const finding = findingOf(opinions);
    if (finding === undefined) break;
    if (finding.state === 'agreed') right.push(isRight(answer, finding.labels));
    else leftOut += 1;
  }
  const population = total - leftOut;
  return { points: pointsOf(right, population), leftOut, needed: neededFor(right, population) };
}

export function isRight(answer: string, labels: readonly string[]): boolean {
  return labels.some((label) => normalizedLabel(label) === normalizedLabel(answer));
}

function pointsOf(right: readonly boolean[], population: number): AccuracyPoint[] {
  const step = Math.max(1, Math.ceil(right.length / MOST_POINTS));
  const points: AccuracyPoint[] = [];
  let successes = 0;
  for (const [position, isOne] of right.entries()) {
    successes += Number(isOne);
    const reviewed = position + 1;
    if (reviewed % step === 0 || reviewed === right.length) points.push(pointOf(successes, reviewed, population));
  }
  return points;
}

/** The sample counts as much larger as what it leaves out is smaller: of all sequences nothing is left to estimate. */
function pointOf(successes: number, reviewed: number, population: number): AccuracyPoint {
  const value = successes / reviewed;
  if (reviewed >= population) return { reviewed, value, low: value, high: value };
  const weight = (population - 1) / (population - reviewed);
  return { reviewed, value, ...wilson(successes * weight, reviewed * weight) };
}

/** By the share seen so far, drawn to the middle as far as few reviews leave it open (Agresti and Coull 1998). */
function neededFor(right: readonly boolean[], population: number): Accuracy['needed'] {
  const successes = right.filter(Boolean).length;
  const share = (successes + 2) / (right.length + 4);
  return MARGINS.map((margin) => {
    const unbounded = (Z * Z * share * (1 - share)) / (margin * margin);
    const sample = Math.min(population, Math.ceil(unbounded / (1 + unbounded / population)));
    return { margin, more: Math.max(0, sample - right.length) };
  });
}
