/**
 * A reader for the little of Python's pickle language that checkpoints are written in. A pickle is a program, and
 * Python runs whatever it says; this reader knows values and containers, asks its caller about everything else, and
 * refuses the rest. Source of the opcodes: CPython's `pickletools`.
 */

/** What a program may refer to. Every function throws, with a reason, what it does not allow. */
export interface PickleWorld {
  /** A Python class or function, by module and name. */
  global(module: string, name: string): unknown;
  /** The result of calling what {@link global} gave. */
  call(callee: unknown, args: readonly unknown[]): unknown;
  /** An object that is kept outside the pickle. */
  persistent(id: unknown): unknown;
}

/** Thrown for a pickle that is damaged or wants more than is allowed. */
export class PickleError extends Error {
  /** Offset of the opcode in the bytes given. */
  readonly byte: number;

  constructor(problem: string, byte: number) {
    super(problem);
    this.name = 'PickleError';
    this.byte = byte;
  }
}

/** Far above any checkpoint's, far below what would exhaust memory or time. */
const MAX_OPCODES = 10_000_000;

/**
 * Runs one pickle.
 *
 * @param start - offset of its first byte.
 * @returns the value, and the offset after it. Lists and tuples come as arrays, dictionaries as maps, `None` as null.
 * @throws PickleError
 */
export function readPickle(bytes: Uint8Array, start: number, world: PickleWorld): { value: unknown; end: number } {
  const machine = new Machine(bytes, start, world);
  for (let count = 0; count < MAX_OPCODES; count++) {
    if (machine.step()) return { value: machine.pop(), end: machine.position };
  }
  throw new PickleError(`more than ${MAX_OPCODES} opcodes`, machine.position);
}

const MARK = Symbol('mark');

/** Opcodes by the byte that stands for them: every one that `torch.save` emits in protocol 2, and their near kin. */
const OPCODES: Readonly<Record<number, (machine: Machine) => void>> = {
  0x80: (m) => m.protocol(m.byte()), // PROTO
  0x28: (m) => m.push(MARK), // MARK
  0x30: (m) => void m.pop(), // POP
  0x4e: (m) => m.push(null), // NONE
  0x88: (m) => m.push(true), // NEWTRUE
  0x89: (m) => m.push(false), // NEWFALSE
  0x4b: (m) => m.push(m.byte()), // BININT1
  0x4d: (m) => m.push(m.view(2).getUint16(0, true)), // BININT2
  0x4a: (m) => m.push(m.view(4).getInt32(0, true)), // BININT
  0x8a: (m) => m.push(m.long(m.byte())), // LONG1
  0x47: (m) => m.push(m.view(8).getFloat64(0)), // BINFLOAT
  0x58: (m) => m.push(m.text(m.size())), // BINUNICODE
  0x55: (m) => m.push(m.text(m.byte())), // SHORT_BINSTRING
  0x7d: (m) => m.push(new Map()), // EMPTY_DICT
  0x5d: (m) => m.push([]), // EMPTY_LIST
  0x29: (m) => m.push([]), // EMPTY_TUPLE
  0x85: (m) => m.push([m.pop()]), // TUPLE1
  0x86: (m) => m.push(m.popMany(2)), // TUPLE2
  0x87: (m) => m.push(m.popMany(3)), // TUPLE3
  0x74: (m) => m.push(m.popToMark()), // TUPLE
  0x61: (m) => m.append([m.pop()]), // APPEND
  0x65: (m) => m.append(m.popToMark()), // APPENDS
  0x73: (m) => m.setItems(m.popMany(2)), // SETITEM
  0x75: (m) => m.setItems(m.popToMark()), // SETITEMS
  0x71: (m) => m.memoise(m.byte()), // BINPUT
  0x72: (m) => m.memoise(m.size()), // LONG_BINPUT
  0x68: (m) => m.recall(m.byte()), // BINGET
  0x6a: (m) => m.recall(m.size()), // LONG_BINGET
  0x63: (m) => m.global(), // GLOBAL
  0x52: (m) => m.reduce(), // REDUCE
  0x62: (m) => m.build(), // BUILD
  0x51: (m) => m.persistent(), // BINPERSID
};
const STOP = 0x2e;

class Machine {
  position: number;
  readonly #bytes: Uint8Array;
  readonly #world: PickleWorld;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();
  /** Where the opcode at work began. */
  #opcodeAt: number;

  constructor(bytes: Uint8Array, start: number, world: PickleWorld) {
    this.#bytes = bytes;
    this.position = start;
    this.#opcodeAt = start;
    this.#world = world;
  }

  /** @returns whether the program is at its end. */
  step(): boolean {
    this.#opcodeAt = this.position;
    const opcode = this.byte();
    if (opcode === STOP) return true;
    const run = OPCODES[opcode];
    if (run === undefined) this.#refuse(`the opcode 0x${opcode.toString(16).padStart(2, '0')} is not allowed`);
    run(this);
    return false;
  }

  protocol(version: number): void {
    if (version !== 2) this.#refuse(`pickle protocol ${version} instead of 2`);
  }

  byte(): number {
    return this.view(1).getUint8(0);
  }

  size(): number {
    return this.view(4).getUint32(0, true);
  }

  view(length: number): DataView {
    const left = this.#bytes.length - this.position;
    if (length > left) this.#refuse(`the file ends here: ${length} more bytes announced, ${left} left`);
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.position, length);
    this.position += length;
    return view;
  }

  text(length: number): string {
    const { buffer, byteOffset } = this.view(length);
    return Buffer.from(buffer, byteOffset, length).toString('utf8');
  }

  /** A two's complement integer of any length, least byte first. */
  long(length: number): number | bigint {
    const view = this.view(length);
    let value = 0n;
    for (let index = length - 1; index >= 0; index--) value = (value << 8n) | BigInt(view.getUint8(index));
    value = BigInt.asIntN(8 * length, value);
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length === 0) this.#refuse('the stack is empty');
    return this.#stack.pop();
  }

  popMany(count: number): unknown[] {
    if (this.#stack.length < count) this.#refuse('the stack is empty');
    return this.#stack.splice(-count);
  }

  popToMark(): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) this.#refuse('the mark is missing');
    return this.#stack.splice(mark).slice(1);
  }

  append(items: readonly unknown[]): void {
    const list = this.#stack.at(-1);
    if (!Array.isArray(list)) this.#refuse('items for something that is not a list');
    for (const item of items) list.push(item);
  }

  setItems(items: readonly unknown[]): void {
    const dict = this.#stack.at(-1);
    if (!(dict instanceof Map)) this.#refuse('items for something that is not a dictionary');
    for (let index = 0; index + 1 < items.length; index += 2) dict.set(items[index], items[index + 1]);
  }

  memoise(slot: number): void {
    this.#memo.set(slot, this.#stack.at(-1));
  }

  recall(slot: number): void {
    if (!this.#memo.has(slot)) this.#refuse(`nothing was kept in slot ${slot}`);
    this.push(this.#memo.get(slot));
  }

  global(): void {
    const module = this.#line();
    const name = this.#line();
    this.push(this.#ask(() => this.#world.global(module, name)));
  }

  reduce(): void {
    const [callee, args] = this.popMany(2);
    if (!Array.isArray(args)) this.#refuse('a call without a tuple of arguments');
    this.push(this.#ask(() => this.#world.call(callee, args)));
  }

  /** Attributes for the dictionary below. A checkpoint's are versions of its layers: taken off, and not looked at. */
  build(): void {
    this.pop();
    if (!(this.#stack.at(-1) instanceof Map)) this.#refuse('attributes for something that is not a dictionary');
  }

  persistent(): void {
    const id = this.pop();
    this.push(this.#ask(() => this.#world.persistent(id)));
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end < 0) this.#refuse('the file ends within a name');
    const line = this.text(end - this.position);
    this.position++;
    return line;
  }

  #ask<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      if (error instanceof PickleError || !(error instanceof Error)) throw error;
      return this.#refuse(error.message);
    }
  }

  #refuse(problem: string): never {
    throw new PickleError(problem, this.#opcodeAt);
  }
}
