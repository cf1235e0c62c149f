import type { ErrorCode } from '../contracts/errors';
import { decodeCp437 } from './names';

/** Compression methods that are read here; all others are rejected. */
export const STORED = 0;
export const DEFLATED = 8;

/** A file in an archive. */
export interface Entry {
  readonly name: string;
  /** Base name of the archive. */
  readonly archive: string;
  /** Of the local header, from the archive's first byte. */
  readonly offset: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly crc32: number;
  readonly method: number;
}

/** For sorting: the order of names, byte by byte. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** An entry that is not given out, and why. */
export interface RejectedEntry {
  /** As it can be shown: control characters escaped. */
  readonly name: string;
  readonly archive: string;
  readonly code: Extract<
    ErrorCode,
    'ARCHIVE_HOSTILE' | 'ARCHIVE_INVALID' | 'ARCHIVE_UNSUPPORTED' | 'ENTRY_CORRUPT' | 'FRAME_MISSING'
  >;
  readonly reason: string;
  /** Where in the archive the trouble is: of the entry's record in the directory, or of its local header. */
  readonly byte: number;
}

/** An entry as the directory describes it, its name still in the directory's bytes. */
export interface EntryRecord extends Omit<Entry, 'name' | 'archive'> {
  readonly nameStart: number;
  readonly nameLength: number;
  readonly cp437: boolean;
  /** A name that stands in for the directory's bytes: the Unicode one of an extra field. */
  readonly otherName?: string | undefined;
}

/**
 * The files of one archive in columns: a few dozen bytes an entry, because seasons have a million of them. Names stay
 * in the directory's own bytes until somebody asks.
 */
export class EntryTable {
  readonly archive: string;
  readonly offsets: Float64Array;
  readonly compressedBytes: Float64Array;
  readonly bytes: Float64Array;
  readonly crcs: Uint32Array;
  readonly methods: Uint8Array;
  readonly #directory: Buffer;
  readonly #nameStarts: Uint32Array;
  readonly #nameLengths: Uint16Array;
  readonly #cp437: Uint8Array;
  readonly #otherNames = new Map<number, string>();
  #length = 0;

  /**
   * @param directory - the bytes that the names lie in
   * @param capacity - the most entries there can be
   */
  constructor(archive: string, directory: Buffer, capacity: number) {
    this.archive = archive;
    this.#directory = directory;
    this.offsets = new Float64Array(capacity);
    this.compressedBytes = new Float64Array(capacity);
    this.bytes = new Float64Array(capacity);
    this.crcs = new Uint32Array(capacity);
    this.methods = new Uint8Array(capacity);
    this.#nameStarts = new Uint32Array(capacity);
    this.#nameLengths = new Uint16Array(capacity);
    this.#cp437 = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  add(record: EntryRecord): void {
    const i = this.#length++;
    this.offsets[i] = record.offset;
    this.compressedBytes[i] = record.compressedBytes;
    this.bytes[i] = record.bytes;
    this.crcs[i] = record.crc32;
    this.methods[i] = record.method;
    this.#nameStarts[i] = record.nameStart;
    this.#nameLengths[i] = record.nameLength;
    this.#cp437[i] = record.cp437 ? 1 : 0;
    if (record.otherName !== undefined) this.#otherNames.set(i, record.otherName);
  }

  name(i: number): string {
    const other = this.#otherNames.get(i);
    if (other !== undefined) return other;
    return this.#cp437[i] === 1 ? decodeCp437(this.rawName(i)) : this.rawName(i).toString('utf8');
  }

  /** The name's bytes as the directory has them; the local header must have the same. */
  rawName(i: number): Buffer {
    const start = this.#nameStarts[i]!;
    return this.#directory.subarray(start, start + this.#nameLengths[i]!);
  }

  at(i: number): Entry {
    return {
      name: this.name(i),
      archive: this.archive,
      offset: this.offsets[i]!,
      compressedBytes: this.compressedBytes[i]!,
      bytes: this.bytes[i]!,
      crc32: this.crcs[i]!,
      method: this.methods[i]!,
    };
  }

  *[Symbol.iterator](): Generator<Entry> {
    for (let i = 0; i < this.#length; i++) yield this.at(i);
  }

  /** The table without some entries, in the same order. */
  without(dropped: ReadonlySet<number>): EntryTable {
    const kept = new EntryTable(this.archive, this.#directory, this.#length - dropped.size);
    for (let i = 0; i < this.#length; i++) {
      if (dropped.has(i)) continue;
      kept.add({
        ...this.at(i),
        nameStart: this.#nameStarts[i]!,
        nameLength: this.#nameLengths[i]!,
        cp437: this.#cp437[i] === 1,
        otherName: this.#otherNames.get(i),
      });
    }
    return kept;
  }
}
