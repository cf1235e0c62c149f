import type { Random } from '../random';
import type { LearnerState } from './adam';

/** Rows of a table with what a network takes for them. */
export interface Batch<I> {
  readonly rows: Uint32Array;
  readonly input: I;
}

/** What a network takes for some rows, and what it should make of them. */
export interface LabelledBatch<I> {
  readonly input: I;
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

/** Gives rows batch by batch. */
export interface BatchSource<I> {
  /** One pass over all rows; the order depends on `random` alone. */
  batches(random: Random): AsyncGenerator<Batch<I>, void, undefined>;
}

/** A network in training. Holds TensorFlow's memory until `dispose`. */
export interface Learner<I> {
  /** One update of the parameters; `random` decides what chance decides. */
  update(batch: LabelledBatch<I>, learningRate: number, random: Random): Promise<BatchOutcome>;
  /** Loss and predictions as they are: without dropout, without augmentation. */
  evaluate(batch: LabelledBatch<I>): Promise<BatchOutcome>;
  state(): LearnerState;
  dispose(): void;
}
