import type { TrainingOptions } from '../../contracts/runInput';
import type { LessonTable } from '../features/table';

/** How labels become targets and weights. */
export type ExampleRules = Pick<TrainingOptions, 'output' | 'classWeights' | 'labelSmoothing'>;

/** Rules for rows that a training is watched on: as they are, each counting the same. */
export function asTheyAre(rules: ExampleRules): ExampleRules {
  return { ...rules, classWeights: 'none', labelSmoothing: 0 };
}

/** All rows of a table. */
export function allRows({ rows }: Pick<LessonTable, 'rows'>): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

/** What a frame should be taken for, and how much it counts. */
export class Examples {
  readonly #weights: Float32Array;

  /**
   * A sequence counts the same however many frames it has, and 1 on average. With `balanced` class weights a sequence
   * counts n / (classes × n_c), n_c the sequences of its class (the mean over its classes), as scikit-learn's does.
   */
  constructor(
    private readonly table: LessonTable,
    private readonly classCount: number,
    rows: Uint32Array,
    private readonly options: ExampleRules,
  ) {
    this.#weights = weightsOf(table, rows, classCount, options.classWeights);
  }

  /**
   * Targets of rows, [rows, classes]. For `softmax`, classes that share a sequence share its probability equally; for
   * `sigmoid`, each is 1. Smoothing s moves them towards the undecided: t (1 − s) + s / classes, or s / 2.
   */
  targets(rows: Uint32Array): Float32Array {
    const { output, labelSmoothing } = this.options;
    const rest = labelSmoothing / (output === 'softmax' ? this.classCount : 2);
    const targets = new Float32Array(rows.length * this.classCount).fill(rest);
    rows.forEach((row, position) => {
      const classes = this.classesOf(row);
      const share = (1 - labelSmoothing) / (output === 'softmax' ? classes.length : 1);
      for (const label of classes) targets[position * this.classCount + label]! += share;
    });
    return targets;
  }

  weights(rows: Uint32Array): Float32Array {
    return Float32Array.from(rows, (row) => this.#weights[row]!);
  }

  classesOf(row: number): readonly number[] {
    return this.table.sequences[this.table.sequenceOf(row)]!.classes;
  }
}

function weightsOf(
  table: LessonTable,
  rows: Uint32Array,
  classCount: number,
  classWeights: TrainingOptions['classWeights'],
): Float32Array {
  const frames = new Map<number, number>();
  for (const row of rows) frames.set(table.sequenceOf(row), (frames.get(table.sequenceOf(row)) ?? 0) + 1);
  const sequences = [...frames.keys()].map((position) => table.sequences[position]!);
  const classWeight = classWeights === 'balanced' ? balanced(sequences, classCount) : undefined;
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

function balanced(sequences: readonly { readonly classes: readonly number[] }[], classCount: number): Float64Array {
  const counts = new Float64Array(classCount);
  for (const { classes } of sequences) for (const label of classes) counts[label]!++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 0 : sequences.length / (present * count)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
