import type { Example } from '../../contracts/validation';
import { rowOf, type Predictions } from './predictions';
import { mostProbableFew, type SequenceScores } from './scores';

const SHOWN = 60;
const REVIEWED = 24;
const TOP = 5;

/** Sequences that are worth a look. */
export interface Gallery {
  /** Most confident mistakes first. */
  readonly errors: readonly Example[];
  /** Most confident hits, classes taking turns. */
  readonly hits: readonly Example[];
  /** Least sure answers first. */
  readonly review: readonly Example[];
}

export function selectExamples(predictions: Predictions, scores: SequenceScores): Gallery {
  const order = leastSureFirst(predictions, scores).reverse();
  // Those without a usable frame have nothing to show.
  const shown = order.filter((sequence) => predictions.seen[sequence] === 1);
  const errors = shown.filter((sequence) => scores.correct[sequence] === 0).slice(0, SHOWN);
  const hits = takeTurns(
    shown.filter((sequence) => scores.correct[sequence] === 1),
    (sequence) => scores.predicted[sequence]!,
  );
  const review = shown.slice(-REVIEWED).reverse();
  const toExample = (sequence: number) => exampleOf(predictions, sequence);
  return { errors: Array.from(errors, toExample), hits: hits.map(toExample), review: Array.from(review, toExample) };
}

/** All sequences, those first whose answer has the lowest probability: what a person should look at first. */
export function leastSureFirst(predictions: Predictions, { predicted }: SequenceScores): Uint32Array {
  const { classes, probabilities } = predictions;
  const confidenceOf = (sequence: number) => probabilities[sequence * classes.length + predicted[sequence]!]!;
  return Uint32Array.from(predicted.keys()).sort((a, b) => confidenceOf(a) - confidenceOf(b) || b - a);
}

/** The first of each class, then the second of each, and so on. */
function takeTurns(ordered: Uint32Array, classOf: (sequence: number) => number): number[] {
  const queues = new Map<number, number[]>();
  for (const sequence of ordered) {
    const queue = queues.get(classOf(sequence));
    if (queue === undefined) queues.set(classOf(sequence), [sequence]);
    else if (queue.length < SHOWN) queue.push(sequence);
  }
  const labels = [...queues.keys()].sort((a, b) => a - b);
  const taken: number[] = [];
  for (let round = 0; round < SHOWN && taken.length < SHOWN; round++) {
    taken.push(...labels.flatMap((label) => queues.get(label)!.slice(round, round + 1)));
  }
  return taken.slice(0, SHOWN);
}

function exampleOf({ classes, sequences, probabilities }: Predictions, position: number): Example {
  const { season, site, name, fileNames, classes: labels } = sequences[position]!;
  const row = rowOf(probabilities, position, classes.length);
  return {
    season,
    site,
    sequence: name,
    fileNames,
    labels: labels.map((label) => classes[label]!),
    top: mostProbableFew(row, TOP).map((label) => ({ className: classes[label]!, probability: row[label]! })),
  };
}
