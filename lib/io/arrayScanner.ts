/** Deeper nesting than any metadata has is an attack or an accident. */
const DEEPEST = 256;
/** A longer element is no image and no annotation. */
export const LONGEST_ELEMENT = 8 << 20;
const LONGEST_MEMBER_NAME = 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** What a scanner finds, in the order of the document. */
export interface ArrayVisitor {
  /** Members whose arrays are wanted. */
  readonly members: readonly string[];
  /**
   * The next bytes of a wanted array's body, a line an element.
   *
   * @param boundary - index in `bytes` after the last line feed that ends an element, 0 when there is none.
   * @param elements - how many of the array's elements end before that boundary, those of earlier calls included.
   */
  body?(member: string, bytes: Buffer, boundary: number, elements: number): void;
  /** An element that has ended: its offset in the document, and that of the byte after it. */
  element?(member: string, start: number, end: number): void;
  /** A wanted array has ended. */
  end?(member: string, elements: number): void;
}

/** A place where the document is not what it should be. */
export class JsonSyntaxError extends Error {
  /** In the document, from 0. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
  }
}

type State =
  | 'start'
  | 'first member'
  | 'member'
  | 'member name'
  | 'colon'
  | 'value'
  | 'unwanted value'
  | 'after value'
  | 'first element'
  | 'next element'
  | 'element'
  | 'after element'
  | 'end';

/**
 * Finds the arrays that are members of a JSON document's one object, and makes each array's body newline-delimited JSON
 * in place: a comma between elements becomes a line feed, a line break within one becomes a space. What is inside an
 * element is not parsed beyond strings and nesting, so a document of any length goes by at the speed of reading it.
 */
export class ArrayScanner {
  readonly #visitor: ArrayVisitor;
  readonly #seen = new Set<string>();
  #state: State = 'start';
  /** Bytes of earlier chunks. */
  #passed = 0;
  #member = '';
  #nameBytes: number[] = [];

  /** Closing bytes of what is open within the current value; a string is not among them. */
  readonly #closers = new Uint8Array(DEEPEST);
  #depth = 0;
  #inString = false;
  #escaped = false;
  #stringStart = 0;

  #elements = 0;
  #elementStart = 0;
  /** Within the chunk: where the array's body begins, and where its last whole line ends. */
  #bodyStart = 0;
  #boundary = 0;
  #elementsBefore = 0;

  constructor(visitor: ArrayVisitor) {
    this.#visitor = visitor;
  }

  /**
   * Takes the next bytes, and changes them.
   *
   * @throws JsonSyntaxError
   */
  write(chunk: Buffer): void {
    this.#bodyStart = this.#boundary = 0;
    let position = 0;
    while (position < chunk.length) position = this.#step(chunk, position);
    if (this.#isInArray()) this.#emit(chunk, chunk.length);
    this.#passed += chunk.length;
    if (this.#state === 'element' && this.#passed - this.#elementStart > LONGEST_ELEMENT) {
      throw new JsonSyntaxError(`this element is longer than ${LONGEST_ELEMENT} bytes`, this.#elementStart);
    }
  }

  /** @throws JsonSyntaxError when the document is cut short */
  end(): void {
    if (this.#state === 'end') return;
    if (this.#inString) throw new JsonSyntaxError('the string that begins here never ends', this.#stringStart);
    throw new JsonSyntaxError('the document ends too early', this.#passed);
  }

  /** Goes on by at least a byte, or to another state. */
  #step(chunk: Buffer, position: number): number {
    if (this.#state === 'member name') return this.#memberName(chunk, position);
    if (this.#state === 'unwanted value' || this.#state === 'element') return this.#value(chunk, position);
    const byte = chunk[position]!;
    if (isSpace(byte)) {
      if (this.#isInArray()) chunk[position] = SPACE;
      return position + 1;
    }
    return this.#punctuation(chunk, position, byte);
  }

  /** A byte between values that is no space. */
  #punctuation(chunk: Buffer, position: number, byte: number): number {
    switch (this.#state) {
      case 'start':
        if (byte === BYTE_ORDER_MARK[this.#passed + position]) return position + 1;
        return this.#expect(byte === OPEN_BRACE, 'first member', byte, position);
      case 'first member':
      case 'member':
        if (byte === CLOSE_BRACE && this.#state === 'first member') return this.#expect(true, 'end', byte, position);
        this.#nameBytes = [];
        return this.#expect(byte === QUOTE, 'member name', byte, position);
      case 'colon':
        return this.#expect(byte === COLON, 'value', byte, position);
      case 'value':
        return this.#beginMember(byte, position);
      case 'after value':
        return this.#expect(byte === COMMA || byte === CLOSE_BRACE, byte === COMMA ? 'member' : 'end', byte, position);
      case 'first element':
        return byte === CLOSE_BRACKET ? this.#endArray(chunk, position) : this.#beginElement(chunk, position, byte);
      case 'next element':
        return this.#beginElement(chunk, position, byte);
      case 'after element':
        return byte === CLOSE_BRACKET ? this.#endArray(chunk, position) : this.#separate(chunk, position, byte);
      default:
        throw this.#unexpected(byte, position);
    }
  }

  #expect(isRight: boolean, next: State, byte: number, position: number): number {
    if (!isRight) throw this.#unexpected(byte, position);
    this.#state = next;
    return position + 1;
  }

  #memberName(chunk: Buffer, position: number): number {
    for (let at = position; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte === QUOTE && !this.#escaped) {
        this.#member = Buffer.from(this.#nameBytes).toString('utf8');
        this.#state = 'colon';
        return at + 1;
      }
      this.#escaped = byte === BACKSLASH && !this.#escaped;
      if (this.#nameBytes.push(byte) > LONGEST_MEMBER_NAME) throw this.#unexpected(byte, at);
    }
    return chunk.length;
  }

  #beginMember(byte: number, position: number): number {
    const offset = this.#passed + position;
    if (!this.#visitor.members.includes(this.#member)) return this.#beginValue('unwanted value', byte, position);
    if (byte !== OPEN_BRACKET) throw new JsonSyntaxError(`"${this.#member}" must be an array`, offset);
    if (this.#seen.has(this.#member)) throw new JsonSyntaxError(`"${this.#member}" occurs twice`, offset);
    this.#seen.add(this.#member);
    this.#state = 'first element';
    this.#elements = this.#elementsBefore = 0;
    this.#bodyStart = this.#boundary = position + 1;
    return position + 1;
  }

  #beginElement(chunk: Buffer, position: number, byte: number): number {
    this.#elementStart = this.#passed + position;
    return this.#beginValue('element', byte, position);
  }

  #separate(chunk: Buffer, position: number, byte: number): number {
    if (byte !== COMMA) throw this.#unexpected(byte, position);
    chunk[position] = LINE_FEED;
    this.#boundary = position + 1;
    this.#elementsBefore = this.#elements;
    this.#state = 'next element';
    return position + 1;
  }

  #endArray(chunk: Buffer, position: number): number {
    this.#emit(chunk, position);
    this.#visitor.end?.(this.#member, this.#elements);
    this.#state = 'after value';
    return position + 1;
  }

  #emit(chunk: Buffer, end: number): void {
    if (end === this.#bodyStart) return;
    const bytes = chunk.subarray(this.#bodyStart, end);
    this.#visitor.body?.(this.#member, bytes, this.#boundary - this.#bodyStart, this.#elementsBefore);
  }

  #isInArray(): boolean {
    return (
      this.#state === 'element' ||
      this.#state === 'after element' ||
      this.#state === 'next element' ||
      this.#state === 'first element'
    );
  }

  /** A value's first byte. */
  #beginValue(state: 'unwanted value' | 'element', byte: number, position: number): number {
    if (byte === COMMA || byte === COLON || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      throw this.#unexpected(byte, position);
    }
    this.#state = state;
    this.#depth = 0;
    if (byte === QUOTE) {
      this.#inString = true;
      this.#stringStart = this.#passed + position;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#closers[this.#depth++] = byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
    }
    return position + 1;
  }

  #endValue(position: number): number {
    if (this.#state === 'unwanted value') {
      this.#state = 'after value';
    } else {
      this.#state = 'after element';
      this.#elements += 1;
      this.#visitor.element?.(this.#member, this.#elementStart, this.#passed + position);
    }
    return position;
  }

  /** The rest of a value. Nearly all of a document's bytes go through here. */
  #value(chunk: Buffer, position: number): number {
    if (this.#depth === 0 && !this.#inString) return this.#scalar(chunk, position);
    let at = position;
    while (at < chunk.length) {
      at = this.#inString ? this.#string(chunk, at) : this.#nesting(chunk, at);
      if (this.#depth === 0 && !this.#inString) return this.#endValue(at);
    }
    return at;
  }

  /** A number or a word: up to what cannot be part of it. */
  #scalar(chunk: Buffer, position: number): number {
    for (let at = position; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (isSpace(byte) || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return this.#endValue(at);
    }
    return chunk.length;
  }

  /** Within a string, up to the byte after its closing quote. */
  #string(chunk: Buffer, position: number): number {
    const { length } = chunk;
    let at = position;
    if (this.#escaped) {
      this.#escaped = false;
      at += 1;
    }
    while (at < length) {
      const byte = chunk[at]!;
      if (byte === QUOTE) {
        this.#inString = false;
        return at + 1;
      }
      if (byte === BACKSLASH) {
        at += 2;
        this.#escaped = at > length;
        continue;
      }
      if (byte < SPACE)
        throw new JsonSyntaxError('a line break or control character within a string', this.#passed + at);
      at += 1;
    }
    return length;
  }

  /** Within an object or array, outside strings: up to a string's first byte, or the byte after the outermost end. */
  #nesting(chunk: Buffer, position: number): number {
    const { length } = chunk;
    let at = position;
    while (at < length) {
      const byte = chunk[at++]!;
      if (byte < SPACE) chunk[at - 1] = SPACE;
      else if (byte === QUOTE) {
        this.#inString = true;
        this.#stringStart = this.#passed + at - 1;
        return at;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (this.#depth === DEEPEST)
          throw new JsonSyntaxError(`nested more than ${DEEPEST} deep`, this.#passed + at - 1);
        this.#closers[this.#depth++] = byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (this.#closers[this.#depth - 1] !== byte) throw this.#unexpected(byte, at - 1);
        this.#depth -= 1;
        if (this.#depth === 0) return at;
      }
    }
    return at;
  }

  #unexpected(byte: number, position: number): JsonSyntaxError {
    const expected = EXPECTED[this.#state];
    return new JsonSyntaxError(
      `unexpected ${JSON.stringify(String.fromCharCode(byte))}${expected === undefined ? '' : `, expected ${expected}`}`,
      this.#passed + position,
    );
  }
}

const EXPECTED: Readonly<Partial<Record<State, string>>> = {
  start: '"{"',
  'first member': 'the name of a member or "}"',
  member: 'the name of a member',
  colon: '":"',
  value: 'a value',
  'after value': '"," or "}"',
  'first element': 'an element or "]"',
  'next element': 'an element',
  'after element': '"," or "]"',
  end: 'the end of the document',
};

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
}
