import { setImmediate } from 'node:timers/promises';
import { SerengetiError } from '../../contracts/errors';
import type { ModelCard } from '../../contracts/model';
import type { WorkOptions } from '../../contracts/progress';
import type { FeatureTable, TableSequence } from '../features';
import type { Head } from '../head';
import { HeadNetwork } from '../head/network';
import { expectFinite } from '../inference';
import { featureRows } from '../learning/sequenceTable';
import { corrected } from '../corrections';
import { SequencePool } from '../pooling';

/** Frames that go through the head at once. */
const BATCH_ROWS = 1024;
/** Sequences that are finished before the event loop gets its turn. */
const SEQUENCES_A_TURN = 20_000;

/** What a model says of sequences, and what is true. Matrices are [sequences, classes] in row order. */
export interface Predictions {
  readonly classes: readonly string[];
  /** Position of the empty class. */
  readonly empty: number;
  readonly sequences: readonly TableSequence[];
  readonly probabilities: Float32Array;
  /** Before the correction of the priors and the calibration. */
  readonly uncorrected: Float32Array;
  /** 0 for sequences without a usable frame: they are predicted as the class frequencies of the training seasons. */
  readonly seen: Uint8Array;
  /** Frames that were looked at. */
  readonly frames: number;
}

/**
 * Predicts every picked sequence of a table: head on features, pooled before or after it, then corrected.
 *
 * @throws SerengetiError MODEL_INVALID where the head does not fit the features or the classes, or answers no number
 */
export async function predictSequences(
  table: FeatureTable,
  head: Head,
  card: ModelCard,
  work: WorkOptions = {},
): Promise<Predictions> {
  const pool = await poolFrames(table, head, card, work);
  const { sequences } = table;
  const { classes } = card;
  const probabilities = new Float32Array(sequences.length * classes.length);
  const uncorrected = new Float32Array(sequences.length * classes.length);
  const seen = new Uint8Array(sequences.length);
  for (let sequence = 0; sequence < sequences.length; sequence++) {
    const pooled = pool.pooled(sequence);
    if (pooled !== undefined) {
      expectFinite(pooled, [sequences[sequence]!.name]);
      seen[sequence] = 1;
    }
    uncorrected.set(pooled ?? card.priors, sequence * classes.length);
    probabilities.set(pooled ? corrected(pooled, card) : card.priors, sequence * classes.length);
    if (sequence % SEQUENCES_A_TURN === 0) await setImmediate();
  }
  const empty = classes.indexOf(card.emptyClass);
  return { classes, empty, sequences, probabilities, uncorrected, seen, frames: table.rows };
}

async function poolFrames(frames: FeatureTable, head: Head, card: ModelCard, { signal, onProgress }: WorkOptions) {
  const table = featureRows(frames, card.pooling);
  const network = new HeadNetwork(head);
  try {
    if (table.rows > 0 && table.width !== network.inputs) {
      throw new SerengetiError(
        'MODEL_INVALID',
        `The head takes ${network.inputs} values, features have ${table.width}`,
      );
    }
    const pool = new SequencePool(table.sequences.length, card);
    for (let start = 0; start < table.rows; start += BATCH_ROWS) {
      signal?.throwIfAborted();
      const rows = Uint32Array.from({ length: Math.min(BATCH_ROWS, table.rows - start) }, (_, row) => start + row);
      const features = new Float32Array(rows.length * table.width);
      await table.read(rows, features);
      const outputs = network.predict(features);
      const width = outputs.length / rows.length;
      rows.forEach((row, position) => {
        pool.add(table.sequenceOf(row), outputs.subarray(position * width, (position + 1) * width));
      });
      onProgress?.({ done: start + rows.length, total: table.rows, unit: 'frames' });
      await setImmediate();
    }
    return pool;
  } finally {
    network.dispose();
  }
}

/** One value a class: the row of a matrix of {@link Predictions}. */
export function rowOf(matrix: Float32Array, sequence: number, classes: number): Float32Array {
  return matrix.subarray(sequence * classes, (sequence + 1) * classes);
}
