import type { Readable } from 'node:stream';
import { SerengetiError } from '../../contracts/errors';
import { describePlace, type Place } from '../rejections';
import { ArrayScanner, JsonSyntaxError, type ArrayVisitor } from '../../io/arrayScanner';
import type { Member } from './member';

const LINE_FEED = 0x0a;

/** Bytes of an element, from its offset in the document to that of the byte after it. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A JSON document too large to parse: its arrays are taken apart by a scanner. */
export class JsonFile {
  readonly name: string;
  readonly bytes: number;
  readonly #member: Member;

  constructor(member: Member) {
    this.#member = member;
    this.name = member.name;
    this.bytes = member.bytes;
  }

  /**
   * Scans the whole document.
   *
   * @param afterChunk - called with the bytes read so far; the next chunk waits for it.
   * @throws SerengetiError METADATA_INVALID with line and column
   */
  async scan(
    visitor: ArrayVisitor,
    signal: AbortSignal | undefined,
    afterChunk: (bytes: number) => Promise<void> | void = () => undefined,
  ): Promise<void> {
    const scanner = new ArrayScanner(visitor);
    let bytes = 0;
    try {
      for await (const chunk of this.#member.open() as AsyncIterable<Buffer>) {
        signal?.throwIfAborted();
        bytes += chunk.length;
        scanner.write(chunk);
        await afterChunk(bytes);
      }
      scanner.end();
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      const place = (await placesOf(this.#member.open(), [error.offset])).get(error.offset);
      throw new SerengetiError(
        'METADATA_INVALID',
        `${describePlace({ file: this.name, ...place })}: ${error.message}`,
        { cause: error, details: { file: this.name, ...place, byte: error.offset } },
      );
    }
  }

  /** Where elements of an array begin or, where they are no JSON, where that shows. Reads the file again: for errors only. */
  async elementPlaces(member: string, ordinals: readonly number[]): Promise<Map<number, Place>> {
    if (ordinals.length === 0) return new Map();
    const spans = await this.#spansOf(member, new Set(ordinals));
    const texts = await textsOf(this.#member.open(), [...spans.values()]);
    const offsets = new Map(
      [...spans].map(([ordinal, span], position) => [ordinal, span.start + syntaxErrorIn(texts[position] ?? '')]),
    );
    const places = await placesOf(this.#member.open(), [...offsets.values()]);
    return new Map([...offsets].map(([ordinal, offset]) => [ordinal, { file: this.name, ...places.get(offset) }]));
  }

  /** In the order of the document. */
  async #spansOf(member: string, wanted: ReadonlySet<number>): Promise<Map<number, Span>> {
    const spans = new Map<number, Span>();
    let ordinal = 0;
    const visitor: ArrayVisitor = {
      members: [member],
      element: (_member, start, end) => {
        if (wanted.has(ordinal)) spans.set(ordinal, { start, end });
        ordinal += 1;
      },
    };
    await this.scan(visitor, undefined);
    return spans;
  }
}

/** @param spans - ascending, apart. */
async function textsOf(stream: Readable, spans: readonly Span[]): Promise<string[]> {
  const parts: Buffer[][] = spans.map(() => []);
  let first = 0;
  let passed = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let index = first; index < spans.length && spans[index]!.start < passed + chunk.length; index++) {
      const { start, end } = spans[index]!;
      parts[index]!.push(chunk.subarray(Math.max(0, start - passed), end - passed));
      if (end <= passed + chunk.length) first = index + 1;
    }
    passed += chunk.length;
  }
  return parts.map((buffers) => Buffer.concat(buffers).toString('utf8'));
}

/** Byte within the text where it stops being JSON (with the bare words that numbers may be), 0 when it is. */
function syntaxErrorIn(text: string): number {
  try {
    JSON.parse(text.replace(/-?Infinity|NaN/g, (word) => '0'.padStart(word.length)));
    return 0;
  } catch (error) {
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    return Buffer.byteLength(text.slice(0, Number(position ?? 0)));
  }
}

/** Lines and columns of byte offsets. */
async function placesOf(
  stream: Readable,
  offsets: readonly number[],
): Promise<Map<number, { line: number; column: number }>> {
  const places = new Map<number, { line: number; column: number }>();
  const ascending = [...new Set(offsets)].sort((a, b) => a - b);
  let [line, column, offset, next] = [1, 1, 0, 0];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (offset === ascending[next]) {
        places.set(offset, { line, column });
        next += 1;
      }
      offset += 1;
      if (byte === LINE_FEED) [line, column] = [line + 1, 1];
      else if (!isContinuation(byte)) column += 1;
    }
  }
  // What is missing at the end of a document is missing there.
  for (; next < ascending.length; next++) places.set(ascending[next]!, { line, column });
  return places;
}

/** A character of UTF-8 has one byte that is none. */
function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
