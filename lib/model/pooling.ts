import type { ModelCard } from '../contracts/model';
import { LEAST_PROBABILITY, normalised } from './corrections';

/** How frames become sequences: see {@link ModelCard.pooling}. */
export type PoolingRule = Pick<ModelCard, 'classes' | 'emptyClass' | 'output' | 'pooling'>;

/** Collects the frames' probabilities of many sequences and pools them: see {@link ModelCard.pooling}. */
export class SequencePool {
  readonly #rule: PoolingRule;
  readonly #empty: number;
  readonly #sums: Float64Array;
  readonly #frames: Uint32Array;

  constructor(sequences: number, rule: PoolingRule) {
    this.#rule = rule;
    this.#empty = rule.classes.indexOf(rule.emptyClass);
    this.#sums = new Float64Array(sequences * rule.classes.length);
    this.#frames = new Uint32Array(sequences);
  }

  /** Adds a frame's probabilities, one a class; those of the whole sequence where features were pooled. */
  add(sequence: number, probabilities: Float32Array): void {
    const { pooling } = this.#rule;
    const start = sequence * probabilities.length;
    this.#frames[sequence]!++;
    probabilities.forEach((probability, label) => {
      const place = start + label;
      if (pooling === 'max') this.#sums[place] = Math.max(this.#sums[place]!, probability);
      else if (pooling === 'geometric' && label === this.#empty) {
        // One frame's 0 would silence all others.
        this.#sums[place]! += Math.log(Math.max(probability, LEAST_PROBABILITY));
      } else this.#sums[place]! += probability;
    });
  }

  /** The sequence's probabilities, one a class; `undefined` where no frame was added. */
  pooled(sequence: number): Float64Array | undefined {
    const { classes, output, pooling } = this.#rule;
    const frames = this.#frames[sequence]!;
    if (frames === 0) return undefined;
    const row = this.#sums.slice(sequence * classes.length, (sequence + 1) * classes.length);
    if (pooling !== 'max') row.forEach((sum, label) => (row[label] = sum / frames));
    if (pooling === 'geometric') row[this.#empty] = Math.exp(row[this.#empty]!);
    return output === 'softmax' ? normalised(row) : row;
  }
}
