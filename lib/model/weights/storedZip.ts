import { crc32 } from 'node:zlib';
import { invalidWeights } from './weightSet';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_LENGTH = 22;
const DIRECTORY_ENTRY_LENGTH = 46;
const LOCAL_ENTRY_LENGTH = 30;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;

interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  /** Offset of its local header. */
  readonly offset: number;
}

/**
 * A zip in memory whose entries are stored as they are, which is how PyTorch writes checkpoints. Every entry is checked
 * against its CRC-32 when it is read.
 *
 * @throws SerengetiError WEIGHTS_INVALID with the byte or the entry.
 */
export class StoredZip {
  readonly #file: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(file: string, bytes: Uint8Array) {
    this.#file = file;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#entries = this.#readDirectory();
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The bytes of an entry: a window on the file's, not a copy. */
  read(name: string): Uint8Array {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw invalidWeights(this.#file, `the entry "${name}" is missing`, { entry: name });
    if (entry.method !== STORED) {
      throw invalidWeights(this.#file, `the entry "${name}" is compressed (method ${entry.method})`, { entry: name });
    }
    this.#expect(LOCAL_ENTRY, entry.offset, LOCAL_ENTRY_LENGTH, `the local header of "${name}"`);
    const extras = this.#view.getUint16(entry.offset + 26, true) + this.#view.getUint16(entry.offset + 28, true);
    const start = entry.offset + LOCAL_ENTRY_LENGTH + extras;
    if (start + entry.size > this.#bytes.length) {
      throw invalidWeights(this.#file, `the entry "${name}" reaches past the end of the file`, { entry: name });
    }
    const content = this.#bytes.subarray(start, start + entry.size);
    if (crc32(content) !== entry.crc) {
      throw invalidWeights(this.#file, `the entry "${name}" does not match its CRC-32`, { entry: name });
    }
    return content;
  }

  #readDirectory(): ReadonlyMap<string, Entry> {
    const end = this.#findEnd();
    const count = this.#view.getUint16(end + 10, true);
    let position = this.#view.getUint32(end + 16, true);
    const entries = new Map<string, Entry>();
    for (let index = 0; index < count; index++) {
      this.#expect(DIRECTORY_ENTRY, position, DIRECTORY_ENTRY_LENGTH, `entry ${index + 1} of the directory`);
      const nameLength = this.#view.getUint16(position + 28, true);
      const nameAt = position + DIRECTORY_ENTRY_LENGTH;
      const name = Buffer.from(this.#bytes.subarray(nameAt, nameAt + nameLength)).toString('utf8');
      entries.set(name, {
        method: this.#view.getUint16(position + 10, true),
        crc: this.#view.getUint32(position + 16, true),
        size: this.#view.getUint32(position + 24, true),
        offset: this.#view.getUint32(position + 42, true),
      });
      const others = this.#view.getUint16(position + 30, true) + this.#view.getUint16(position + 32, true);
      position = nameAt + nameLength + others;
    }
    return entries;
  }

  #findEnd(): number {
    const last = this.#bytes.length - END_LENGTH;
    for (let position = last; position >= Math.max(0, last - LONGEST_COMMENT); position--) {
      if (this.#view.getUint32(position, true) === END_OF_DIRECTORY) return position;
    }
    throw invalidWeights(this.#file, 'the zip has no directory: the file was cut off', { byte: this.#bytes.length });
  }

  #expect(signature: number, position: number, length: number, what: string): void {
    const inside = position + length <= this.#bytes.length;
    if (inside && this.#view.getUint32(position, true) === signature) return;
    throw invalidWeights(this.#file, `${what} is not at byte ${position}`, { byte: position });
  }
}
