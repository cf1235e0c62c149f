import { problemOf } from './entryProblem';
import { pathIn } from './names';
import type { RangeReader } from './reader';
import type { Entry } from './table';
import { unpackElsewhere } from './unpack';

// PKWARE APPNOTE 6.3.10, section 4.3.7.
const LOCAL = 0x04034b50;
export const LOCAL_BYTES = 30;
/** Room for the local header's extra field, whose length only the header itself tells. */
const EXTRA_GUESS = 128;

/** Bytes of an archive that were read already. */
export interface Stretch {
  /** Position of its first byte in the archive. */
  readonly start: number;
  readonly bytes: Buffer;
}

/**
 * Where an entry's data should end, local header and a usual extra field included: what to read to have all of it.
 */
export function likelyEnd(entry: Pick<Entry, 'name' | 'offset' | 'compressedBytes'>): number {
  return entry.offset + LOCAL_BYTES + Buffer.byteLength(entry.name) + EXTRA_GUESS + entry.compressedBytes;
}

export interface EntryRead {
  /** Bytes read before; those that are missing are read now. */
  readonly at?: Stretch;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An entry's bytes, unpacked and checked by size and CRC-32.
 *
 * @throws SerengetiError ARCHIVE_INVALID, ARCHIVE_UNSUPPORTED or ENTRY_CORRUPT, naming entry and byte
 */
export async function entryBytes(reader: RangeReader, entry: Entry, options: EntryRead = {}): Promise<Buffer> {
  return unpackElsewhere(entry, await packedBytes(reader, entry, options));
}

/**
 * An entry's bytes as they are in the archive, behind a local header that agrees with the directory.
 *
 * @throws SerengetiError ARCHIVE_INVALID, ARCHIVE_HOSTILE or ARCHIVE_UNSUPPORTED, naming entry and byte
 */
export async function packedBytes(reader: RangeReader, entry: Entry, { at, signal }: EntryRead): Promise<Buffer> {
  const end = Math.min(likelyEnd(entry), reader.bytes);
  const stretch = covers(at, entry.offset, entry.offset + LOCAL_BYTES)
    ? at
    : { start: entry.offset, bytes: await reader.read(entry.offset, end - entry.offset, signal) };
  const dataStart = checkLocalHeader(entry, stretch);
  const dataEnd = dataStart + entry.compressedBytes;
  if (dataEnd > reader.bytes) {
    throw problemOf(entry, 'ARCHIVE_INVALID', `is cut off: it should end at byte ${dataEnd} of ${reader.bytes}`);
  }
  return covers(stretch, dataStart, dataEnd)
    ? stretch.bytes.subarray(dataStart - stretch.start, dataEnd - stretch.start)
    : reader.read(dataStart, entry.compressedBytes, signal);
}

/** @returns where the entry's data begins */
export function checkLocalHeader(entry: Entry, { start, bytes }: Stretch): number {
  const i = entry.offset - start;
  if (bytes.length < i + LOCAL_BYTES || bytes.readUInt32LE(i) !== LOCAL) {
    throw problemOf(entry, 'ARCHIVE_INVALID', 'has no local header there');
  }
  if ((bytes.readUInt16LE(i + 6) & 1) !== 0) throw problemOf(entry, 'ARCHIVE_UNSUPPORTED', 'is encrypted');
  const method = bytes.readUInt16LE(i + 8);
  if (method !== entry.method) {
    throw problemOf(
      entry,
      'ARCHIVE_INVALID',
      `has method ${entry.method} in the directory and ${method} in its header`,
    );
  }
  checkLocalName(entry, bytes, i);
  checkLocalSizes(entry, bytes, i);
  return entry.offset + LOCAL_BYTES + bytes.readUInt16LE(i + 26) + bytes.readUInt16LE(i + 28);
}

/** Beyond ASCII the two may be written differently and mean the same; such names are not compared. */
function checkLocalName(entry: Entry, bytes: Buffer, i: number): void {
  const start = i + LOCAL_BYTES;
  const end = start + bytes.readUInt16LE(i + 26);
  if (end > bytes.length || Buffer.byteLength(entry.name) !== entry.name.length) return;
  const local = bytes.toString('latin1', start, end);
  if (local === entry.name || pathIn(local, true) === entry.name) return;
  throw problemOf(entry, 'ARCHIVE_HOSTILE', `goes by another name in its header: ${JSON.stringify(local)}`);
}

/** The header's sizes may be left to a data descriptor (0) or to the zip64 field (all ones); else they must agree. */
function checkLocalSizes(entry: Entry, bytes: Buffer, i: number): void {
  const sizes = [
    [bytes.readUInt32LE(i + 18), entry.compressedBytes],
    [bytes.readUInt32LE(i + 22), entry.bytes],
  ] as const;
  for (const [local, central] of sizes) {
    if (local === 0 || local === 0xffffffff || local === central) continue;
    throw problemOf(
      entry,
      'ARCHIVE_INVALID',
      `has ${central} bytes according to the directory and ${local} according to its header`,
    );
  }
}

function covers(stretch: Stretch | undefined, start: number, end: number): stretch is Stretch {
  return stretch !== undefined && start >= stretch.start && end <= stretch.start + stretch.bytes.length;
}
