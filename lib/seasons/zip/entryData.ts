import { promisify } from 'node:util';
import { crc32, inflateRaw, inflateRawSync } from 'node:zlib';
import { SerengetiError } from '../../contracts/errors';
import type { RangeReader } from './reader';
import { DEFLATED, type Entry, type RejectedEntry } from './table';

// PKWARE APPNOTE 6.3.10, section 4.3.7.
const LOCAL = 0x04034b50;
export const LOCAL_BYTES = 30;
/** Room for the local header's extra field, whose length only the header itself tells. */
const EXTRA_GUESS = 128;
/** Below this, handing the work to another thread costs more than it saves. */
const INFLATE_HERE_BYTES = 16 << 10;
/** Of zlib's output buffer, as Node demands. */
const SMALLEST_CHUNK = 64;

const inflateElsewhere = promisify(inflateRaw) as (
  data: Uint8Array,
  options: { maxOutputLength: number; chunkSize: number },
) => Promise<Buffer>;

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

/**
 * An entry's bytes, unpacked and checked by size and CRC-32.
 *
 * @param at - bytes read before; those that are missing are read now
 * @throws SerengetiError ARCHIVE_INVALID, ARCHIVE_UNSUPPORTED or ENTRY_CORRUPT, naming entry and byte
 */
export async function entryBytes(
  reader: RangeReader,
  entry: Entry,
  options: { readonly at?: Stretch; readonly signal?: AbortSignal | undefined } = {},
): Promise<Buffer> {
  const packed = await packedBytes(reader, entry, options.at, options.signal);
  const bytes = entry.method === DEFLATED ? await inflate(entry, packed) : packed;
  const crc = crc32(bytes);
  if (crc !== entry.crc32) throw problemOf(entry, 'ENTRY_CORRUPT', `has CRC-32 ${hex(crc)}, not ${hex(entry.crc32)}`);
  return bytes;
}

async function packedBytes(
  reader: RangeReader,
  entry: Entry,
  at: Stretch | undefined,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
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
  if (local === entry.name) return;
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

async function inflate(entry: Entry, packed: Buffer): Promise<Buffer> {
  // One more than announced: zlib stops a bomb there, and a full buffer is told from an overflowing one. Output in one
  // piece, because each further one is a round trip to the other thread.
  const options = { maxOutputLength: entry.bytes + 1, chunkSize: Math.max(entry.bytes + 1, SMALLEST_CHUNK) };
  let bytes: Buffer;
  try {
    bytes =
      entry.bytes <= INFLATE_HERE_BYTES ? inflateRawSync(packed, options) : await inflateElsewhere(packed, options);
  } catch (error) {
    const overflow = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const reason = overflow
      ? `unpacks to more than the ${entry.bytes} bytes it announces`
      : `cannot be unpacked: ${(error as Error).message}`;
    throw problemOf(entry, overflow ? 'ARCHIVE_HOSTILE' : 'ENTRY_CORRUPT', reason, error);
  }
  if (bytes.length !== entry.bytes) {
    throw problemOf(entry, 'ENTRY_CORRUPT', `unpacks to ${bytes.length} bytes, not the ${entry.bytes} it announces`);
  }
  return bytes;
}

function covers(stretch: Stretch | undefined, start: number, end: number): stretch is Stretch {
  return stretch !== undefined && start >= stretch.start && end <= stretch.start + stretch.bytes.length;
}

/** An error of one entry: the code, the entry, the byte, the reason. */
export class EntryProblem extends SerengetiError {
  readonly rejected: RejectedEntry;

  constructor(rejected: RejectedEntry, cause?: unknown) {
    const { archive, name, byte, code, reason } = rejected;
    super(code, `${archive}, byte ${byte}: entry "${name}" ${reason}`, { cause, details: { ...rejected } });
    this.rejected = rejected;
  }
}

function problemOf(entry: Entry, code: RejectedEntry['code'], reason: string, cause?: unknown): EntryProblem {
  return new EntryProblem({ name: entry.name, archive: entry.archive, code, reason, byte: entry.offset }, cause);
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
