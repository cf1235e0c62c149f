/**
 * Seeded random numbers: the same parts give the same stream on every machine.
 *
 * The generator is sfc32 (C. Doty-Humphrey, PractRand); its state is filled from an FNV-1a hash of the parts. Streams are
 * named by what they decide, so that adding a decision somewhere shifts no other.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(...parts: readonly (string | number)[]) {
    const text = parts.join('\u0000');
    this.#a = hash(text, 0x811c9dc5);
    this.#b = hash(text, 0x9e3779b9);
    this.#c = hash(text, 0x85ebca6b);
    for (let round = 0; round < 12; round++) this.#step();
  }

  /** A number in [0, 1). */
  next(): number {
    return this.#step() / 4294967296;
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[Math.floor(values.length * this.next())];
    if (value === undefined) throw new RangeError('Nothing to pick from: the list is empty');
    return value;
  }

  /** Position in `weights`, each as likely as its weight is large. */
  weighted(weights: readonly number[]): number {
    let rest = this.next() * weights.reduce((sum, weight) => sum + weight, 0);
    for (let position = 0; position < weights.length - 1; position++) {
      rest -= weights[position]!;
      if (rest < 0) return position;
    }
    return weights.length - 1;
  }

  /** Normally distributed, mean 0 and deviation 1 (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** A new list with the values in random order. */
  shuffled<T>(values: readonly T[]): T[] {
    const result = [...values];
    for (let last = result.length - 1; last > 0; last--) {
      const other = Math.floor((last + 1) * this.next());
      [result[last], result[other]] = [result[other]!, result[last]!];
    }
    return result;
  }

  #step(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }
}

function hash(text: string, basis: number): number {
  let state = basis;
  for (let position = 0; position < text.length; position++) {
    state = Math.imul(state ^ text.charCodeAt(position), 0x01000193);
  }
  return state;
}
