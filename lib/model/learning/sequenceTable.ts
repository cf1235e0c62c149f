import type { TrainingOptions } from '../../contracts/runInput';
import type { FeatureTable, FeatureRows, TableSequence } from '../features/table';

type Pooling = TrainingOptions['pooling'];

/** Whether features are pooled, before the head, rather than predictions after it. */
export function poolsFeatures(pooling: Pooling): pooling is 'features-mean' | 'features-max' {
  return pooling === 'features-mean' || pooling === 'features-max';
}

/** What a head looks at: a row a frame, or a row a sequence where features are pooled. */
export function featureRows(table: FeatureTable, pooling: Pooling): FeatureRows {
  return poolsFeatures(pooling) ? new SequenceTable(table, pooling) : table;
}

/** Mean, or the largest, of each feature over rows that follow each other: [rows, width] → [width]. */
export function poolFeatures(rows: Float32Array, width: number, pooling: Pooling, target: Float32Array): void {
  const count = rows.length / width;
  for (let feature = 0; feature < width; feature++) {
    let pooled = pooling === 'features-max' ? -Infinity : 0;
    for (let at = feature; at < rows.length; at += width) {
      pooled = pooling === 'features-max' ? Math.max(pooled, rows[at]!) : pooled + rows[at]!;
    }
    target[feature] = pooling === 'features-max' ? pooled : pooled / count;
  }
}

/** A table with one row for each sequence that has a frame with features: these, pooled. */
class SequenceTable implements FeatureRows {
  readonly #table: FeatureTable;
  readonly #pooling: Pooling;
  /** Rows of the table for each row here, ascending. */
  readonly #frames: readonly (readonly number[])[];
  readonly #sequences: Uint32Array;

  constructor(table: FeatureTable, pooling: Pooling) {
    this.#table = table;
    this.#pooling = pooling;
    const frames = table.sequences.map((): number[] => []);
    for (let row = 0; row < table.rows; row++) frames[table.sequenceOf(row)]!.push(row);
    const present = frames.flatMap((own, sequence) => (own.length === 0 ? [] : [sequence]));
    this.#frames = present.map((sequence) => frames[sequence]!);
    this.#sequences = Uint32Array.from(present);
  }

  get rows(): number {
    return this.#frames.length;
  }

  get width(): number {
    return this.#table.width;
  }

  get sequences(): readonly TableSequence[] {
    return this.#table.sequences;
  }

  sequenceOf(row: number): number {
    return this.#sequences[row]!;
  }

  async read(rows: Uint32Array, target: Float32Array): Promise<void> {
    const { width } = this;
    for (const [position, row] of rows.entries()) {
      const own = Uint32Array.from(this.#frames[row]!);
      const features = new Float32Array(own.length * width);
      await this.#table.read(own, features);
      poolFeatures(features, width, this.#pooling, target.subarray(position * width, (position + 1) * width));
    }
  }
}
