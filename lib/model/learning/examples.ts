import type { TrainingOptions } from '../../contracts/runInput';
import type { FeatureRows } from '../features/table';

/** How labels become targets and weights. */
export type ExampleRules = Pick<TrainingOptions, 'output' | 'classWeights' | 'labelSmoothing'>;

/** Rules for rows that a training is watched on: as they are, each counting the same. */
export function asTheyAre(rules: ExampleRules): ExampleRules {
  return { ...rules, classWeights: 'none', labelSmoothing: 0 };
}

/** All rows of a table. */
export function allRows({ rows }: Pick<FeatureRows, 'rows'>): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

/** No class counts more: what one sequence of a rare class says by chance would outweigh all others. */
const MOST_WEIGHT = 10;

/**
 * What a sequence of each class counts where classes are balanced: n / (classes × n_c), n_c the sequences of the class,
 * as scikit-learn's `balanced`, but 10 at most.
 */
export function balancedWeights(counts: readonly number[], sequences: number): number[] {
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 0 : Math.min(MOST_WEIGHT, sequences / (present * count))));
}

/** What a frame should be taken for, and how much it counts. */
export class Examples {
  readonly #weights: Float32Array;
  /** Mean targets, by the weights: what smoothing moves towards. */
  readonly #frequencies: Float64Array;

  /**
   * A sequence counts the same however many frames it has, and 1 on average. With `balanced` class weights it counts as
   * {@link balancedWeights} says, the mean over its classes.
   */
  constructor(
    private readonly table: FeatureRows,
    private readonly classCount: number,
    rows: Uint32Array,
    private readonly options: ExampleRules,
  ) {
    this.#weights = weightsOf(table, rows, classCount, options.classWeights);
    this.#frequencies = this.#meanTargets(rows);
  }

  /**
   * Targets of rows, [rows, classes]. For `softmax`, classes that share a sequence share its probability equally; for
   * `sigmoid`, each is 1. Smoothing s moves them towards the class frequencies f: t (1 − s) + s f. Their mean stays, so
   * that a class is not made more probable than it is; moved towards the undecided, a sigmoid's 54 classes would
   * each keep s / 2. (Pereyra et al. 2017, section 3.2, call it unigram smoothing.)
   */
  targets(rows: Uint32Array): Float32Array {
    const { labelSmoothing } = this.options;
    const targets = new Float32Array(rows.length * this.classCount);
    rows.forEach((row, position) => {
      const target = targets.subarray(position * this.classCount, (position + 1) * this.classCount);
      if (labelSmoothing > 0) target.set(this.#frequencies.map((frequency) => labelSmoothing * frequency));
      const classes = this.classesOf(row);
      for (const label of classes) target[label]! += (1 - labelSmoothing) * this.#shareOf(classes);
    });
    return targets;
  }

  /** Mean targets of all rows, by their weights: a value a class. */
  frequencies(): Float64Array {
    return this.#frequencies;
  }

  weights(rows: Uint32Array): Float32Array {
    return Float32Array.from(rows, (row) => this.#weights[row]!);
  }

  #meanTargets(rows: Uint32Array): Float64Array {
    const sums = new Float64Array(this.classCount);
    for (const row of rows) {
      const classes = this.classesOf(row);
      for (const label of classes) sums[label]! += this.#weights[row]! * this.#shareOf(classes);
    }
    return sums.map((sum) => sum / rows.length);
  }

  #shareOf(classes: readonly number[]): number {
    return this.options.output === 'softmax' ? 1 / classes.length : 1;
  }

  classesOf(row: number): readonly number[] {
    return this.table.sequences[this.table.sequenceOf(row)]!.classes;
  }
}

function weightsOf(
  table: FeatureRows,
  rows: Uint32Array,
  classCount: number,
  classWeights: TrainingOptions['classWeights'],
): Float32Array {
  const frames = new Map<number, number>();
  for (const row of rows) frames.set(table.sequenceOf(row), (frames.get(table.sequenceOf(row)) ?? 0) + 1);
  const sequences = [...frames.keys()].map((position) => table.sequences[position]!);
  const classWeight =
    classWeights === 'balanced' ? balancedWeights(countsOf(sequences, classCount), sequences.length) : undefined;
  const weights = new Float32Array(table.rows);
  let sum = 0;
  for (const row of rows) {
    const position = table.sequenceOf(row);
    const { classes } = table.sequences[position]!;
    const weight = classWeight === undefined ? 1 : mean(classes.map((label) => classWeight[label]!));
    weights[row] = weight / frames.get(position)!;
    sum += weights[row];
  }
  return weights.map((weight) => (weight * rows.length) / sum);
}

function countsOf(sequences: readonly { readonly classes: readonly number[] }[], classCount: number): number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (const { classes } of sequences) for (const label of classes) counts[label]!++;
  return counts;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
