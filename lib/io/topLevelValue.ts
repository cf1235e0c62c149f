import type { Readable } from 'node:stream';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * The text of one array or object of a JSON object's top level, found while the JSON streams by: files of metadata can
 * be larger than memory, and what is wanted of them is often in one small place.
 *
 * @param mostBytes - how long the value may be
 * @returns `undefined` when there is no such key
 */
export async function topLevelValue(json: Readable, key: string, mostBytes: number): Promise<string | undefined> {
  const scanner = new Scanner(Buffer.from(`"${key}"`), mostBytes);
  for await (const chunk of json as AsyncIterable<Buffer>) {
    if (scanner.feed(chunk)) break;
  }
  return scanner.value;
}

class Scanner {
  readonly #key: Buffer;
  readonly #mostBytes: number;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The latest string at the top level, quotes included, as far as it can still be the key. */
  #text: number[] = [];
  /** Whether that string was the key, so that the next array or object is the value. */
  #keySeen = false;
  #captured: number[] | undefined;
  value: string | undefined;

  constructor(key: Buffer, mostBytes: number) {
    this.#key = key;
    this.#mostBytes = mostBytes;
  }

  /** @returns whether the value is complete */
  feed(chunk: Buffer): boolean {
    for (const byte of chunk) {
      if (this.#captured !== undefined) this.#capture(byte);
      this.#step(byte);
      if (this.value !== undefined) return true;
    }
    return false;
  }

  #step(byte: number): void {
    if (this.#inString) return this.#inText(byte);
    if (byte === QUOTE) {
      this.#inString = true;
      this.#text = [byte];
    } else if (OPENING.has(byte)) {
      if (this.#depth === 1 && this.#keySeen) this.#captured ??= [byte];
      this.#depth++;
    } else if (CLOSING.has(byte)) {
      this.#depth--;
      if (this.#depth === 1 && this.#captured !== undefined) this.value = Buffer.from(this.#captured).toString('utf8');
      if (this.#depth === 1) this.#keySeen = false;
    }
  }

  #inText(byte: number): void {
    if (this.#depth === 1 && this.#text.length <= this.#key.length) this.#text.push(byte);
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      if (this.#depth === 1) this.#keySeen = this.#key.equals(Buffer.from(this.#text));
    }
  }

  #capture(byte: number): void {
    this.#captured!.push(byte);
    if (this.#captured!.length > this.#mostBytes) throw new RangeError(`longer than ${this.#mostBytes} bytes`);
  }
}
