import { randomInt } from 'node:crypto';

/**
 * Which names of a directory were seen. Ordinary names are told apart by their bytes, in an open-addressing table over
 * the directory itself: a `Set` of strings would decode and keep a million of them. The few others are kept as text,
 * because one text can be written in several encodings.
 */
export class NameSet {
  readonly #directory: Buffer;
  /** Position of the name + 1; 0 is a free place. At least twice as many places as names, a power of two. */
  readonly #starts: Uint32Array;
  readonly #lengths: Uint16Array;
  readonly #mask: number;
  readonly #texts = new Set<string>();
  /** Unknown to whoever made the archive, so that no names can be prepared to collide. */
  readonly #seed = randomInt(2 ** 32);

  constructor(directory: Buffer, most: number) {
    const places = 2 ** Math.ceil(Math.log2(Math.max(most, 1) * 2));
    this.#directory = directory;
    this.#starts = new Uint32Array(places);
    this.#lengths = new Uint16Array(places);
    this.#mask = places - 1;
  }

  /**
   * Adds a name that {@link looksPlain}, by its place in the directory.
   *
   * @returns whether it is new
   */
  addPlain(start: number, length: number): boolean {
    if (this.#texts.size > 0 && this.#texts.has(this.#directory.toString('latin1', start, start + length)))
      return false;
    const place = this.#placeOf(this.#directory, start, length);
    if (this.#starts[place] !== 0) return false;
    this.#starts[place] = start + 1;
    this.#lengths[place] = length;
    return true;
  }

  /** Adds any other name, decoded. */
  addText(name: string): boolean {
    const bytes = Buffer.from(name);
    if (this.#texts.has(name) || this.#starts[this.#placeOf(bytes, 0, bytes.length)] !== 0) return false;
    this.#texts.add(name);
    return true;
  }

  /** Where the name is, or the free place where it would be. */
  #placeOf(bytes: Buffer, start: number, length: number): number {
    let place = hash(this.#seed, bytes, start, length) & this.#mask;
    while (this.#starts[place] !== 0 && !this.#isAt(place, bytes, start, length)) place = (place + 1) & this.#mask;
    return place;
  }

  #isAt(place: number, bytes: Buffer, start: number, length: number): boolean {
    if (this.#lengths[place] !== length) return false;
    const there = this.#starts[place]! - 1;
    return this.#directory.compare(bytes, start, start + length, there, there + length) === 0;
  }
}

/** FNV-1a, 32 bits, from a seed instead of its offset basis: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(seed: number, bytes: Buffer, start: number, length: number): number {
  let value = seed;
  for (let i = start; i < start + length; i++) value = Math.imul(value ^ bytes[i]!, 0x01000193);
  return value ^ (value >>> 15);
}

/**
 * Whether a name is so ordinary that it needs no closer look: printable ASCII of moderate length without backslash,
 * colon, or a "." or "/" at the beginning of a part.
 */
export function looksPlain(bytes: Buffer, start: number, end: number): boolean {
  if (end <= start || end - start > 200) return false;
  let atPartStart = true;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < 0x20 || byte > 0x7e || byte === 0x5c || byte === 0x3a) return false;
    if (atPartStart && (byte === 0x2e || byte === 0x2f)) return false;
    atPartStart = byte === 0x2f;
  }
  return !atPartStart;
}
