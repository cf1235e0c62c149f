/**
 * Seeded random numbers: the same seeds give the same sequence on every machine. The generator is sfc32 of PractRand
 * (C. Doty-Humphrey), its state filled from the seeds by the finaliser of MurmurHash3.
 *
 * A generator is made afresh for each purpose and step from (seed, purpose, epoch, step), so that a resumed training
 * needs no state of it.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(...seeds: readonly number[]) {
    let state = 0x9e3779b9;
    const absorb = (value: number) => (state = mix((state ^ value) + 0x9e3779b9));
    for (const seed of seeds) absorb(seed);
    this.#a = absorb(1);
    this.#b = absorb(2);
    this.#c = absorb(3);
    for (let round = 0; round < 12; round++) this.bits();
  }

  /** 32 random bits, as an unsigned integer. */
  bits(): number {
    const result = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** From 0 up to but not 1. */
  uniform(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** An integer from 0 up to but not `limit`, at most 2³². */
  below(limit: number): number {
    return Math.floor(this.uniform() * limit);
  }

  /** The numbers 0…count−1 in random order (Fisher and Yates). */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, position) => position);
    for (let last = count - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const value = order[last]!;
      order[last] = order[other]!;
      order[other] = value;
    }
    return order;
  }
}

function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
