import { SerengetiError } from '../../contracts/errors';

/** A tensor of a weights file: contiguous, last axis fastest. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The tensors of a weights file, by name. */
export class WeightSet {
  /** Where they come from, for messages. */
  readonly file: string;
  readonly #weights: ReadonlyMap<string, Weight>;

  constructor(file: string, weights: ReadonlyMap<string, Weight>) {
    this.file = file;
    this.#weights = weights;
  }

  get names(): string[] {
    return [...this.#weights.keys()];
  }

  /**
   * The values of a tensor.
   *
   * @param shape - what the network needs.
   * @throws SerengetiError WEIGHTS_INVALID when the tensor is missing, of another shape, or holds a NaN or an infinity.
   */
  get(name: string, shape: readonly number[]): Float32Array {
    const weight = this.#weights.get(name);
    if (weight === undefined) throw this.#invalid(name, `is missing; the file has ${this.#sample()}`);
    if (weight.shape.length !== shape.length || weight.shape.some((size, axis) => size !== shape[axis])) {
      throw this.#invalid(name, `has the shape [${weight.shape.join(', ')}], expected [${shape.join(', ')}]`);
    }
    const odd = weight.data.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0) throw this.#invalid(name, `holds ${weight.data[odd]} at position ${odd}`);
    return weight.data;
  }

  #sample(): string {
    const names = this.names;
    if (names.length === 0) return 'no tensors';
    const shown = names.slice(0, 3).map((name) => `"${name}"`);
    return `${names.length} tensors: ${shown.join(', ')}${names.length > shown.length ? ', …' : ''}`;
  }

  #invalid(name: string, problem: string): SerengetiError {
    return invalidWeights(this.file, `the tensor "${name}" ${problem}`, { tensor: name });
  }
}

/** The one form of complaint about a weights file: the file, then what is wrong and where. */
export function invalidWeights(
  file: string,
  problem: string,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): SerengetiError {
  return new SerengetiError('WEIGHTS_INVALID', `${file}: ${problem}`, { details: { file, ...details }, cause });
}
