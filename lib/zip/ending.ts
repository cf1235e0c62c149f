import { SerengetiError } from '../contracts/errors';
import type { RangeReader } from './reader';

// PKWARE APPNOTE 6.3.10, sections 4.3.14 to 4.3.16.
const END_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END = 0x06064b50;
const ZIP64_END_BYTES = 56;
const CENTRAL = 0x02014b50;
/** As the end record says "look in the zip64 record". */
const MAX16 = 0xffff;
const MAX32 = 0xffffffff;
export const MODULUS32 = 2 ** 32;

/** Where the directory of an archive is, in bytes of the file. */
export interface DirectoryPlace {
  readonly start: number;
  readonly bytes: number;
  readonly entries: number;
  /** Whether `entries` was stored in 16 bits and may have wrapped around. */
  readonly entriesModulo: boolean;
  /** To be added to every offset that the archive states: bytes were put in front of it. */
  readonly shift: number;
  /** Offsets are stated modulo 2³²: macOS writes archives of more than 4 GB without zip64. */
  readonly offsetsModulo: boolean;
}

interface Claim {
  /** Position of the record that claims it. */
  readonly at: number;
  readonly disk: number;
  readonly start: number;
  readonly bytes: number;
  readonly entries: number;
}

/**
 * Finds the directory from the archive's end, in one read as a rule.
 *
 * @throws SerengetiError ARCHIVE_INVALID (no archive, cut off) or ARCHIVE_UNSUPPORTED (split over several disks)
 */
export async function findDirectory(reader: RangeReader, signal?: AbortSignal): Promise<DirectoryPlace> {
  const tailBytes = Math.min(reader.bytes, END_BYTES + LONGEST_COMMENT + ZIP64_LOCATOR_BYTES + ZIP64_END_BYTES);
  const tailStart = reader.bytes - tailBytes;
  const tail = await reader.read(tailStart, tailBytes, signal);
  let empty: DirectoryPlace | undefined;
  let failure: Error | undefined;
  for (const i of [...endRecords(tail, 'exactly'), ...endRecords(tail, 'before')]) {
    try {
      const place = await placeOf(reader, tail, tailStart, i, signal);
      if (place.bytes > 0) return place;
      empty ??= place;
    } catch (error) {
      signal?.throwIfAborted();
      failure ??= error as Error;
    }
  }
  // What looks like the record of an empty archive may be part of a comment, so it counts only when there is no other.
  if (empty !== undefined) return empty;
  throw (
    failure ?? invalid(reader, reader.bytes, `no zip archive, or cut off: no end record in its last ${tailBytes} bytes`)
  );
}

/**
 * Where end records can be, the last first: those whose comment ends with the file, or before it, where something was
 * appended to the archive.
 */
function* endRecords(tail: Buffer, ends: 'exactly' | 'before'): Generator<number> {
  for (let i = tail.lastIndexOf(END_SIGNATURE); i !== -1; i = i === 0 ? -1 : tail.lastIndexOf(END_SIGNATURE, i - 1)) {
    if (i + END_BYTES > tail.length) continue;
    const end = i + END_BYTES + tail.readUInt16LE(i + 20);
    if (ends === 'exactly' ? end === tail.length : end < tail.length) yield i;
  }
}

async function placeOf(
  reader: RangeReader,
  tail: Buffer,
  tailStart: number,
  i: number,
  signal: AbortSignal | undefined,
): Promise<DirectoryPlace> {
  const end: Claim = {
    at: tailStart + i,
    disk: tail.readUInt16LE(i + 4),
    entries: tail.readUInt16LE(i + 10),
    bytes: tail.readUInt32LE(i + 12),
    start: tail.readUInt32LE(i + 16),
  };
  const locator = i - ZIP64_LOCATOR_BYTES;
  const isZip64 = locator >= 0 && tail.readUInt32LE(locator) === ZIP64_LOCATOR;
  if (!isZip64 && (end.start === MAX32 || end.bytes === MAX32)) {
    throw invalid(reader, end.at, 'the end record refers to a zip64 record, and there is none');
  }
  const claim = isZip64 ? await zip64Claim(reader, tail, tailStart, locator, signal) : end;
  if (claim.disk !== 0) {
    throw new SerengetiError(
      'ARCHIVE_UNSUPPORTED',
      `${reader.name}, byte ${claim.at}: the last disk (${claim.disk}) of an archive split over several; join them first`,
      { details: { archive: reader.name, byte: claim.at } },
    );
  }
  const start = claim.at - claim.bytes;
  if (start < 0 || claim.start > start) {
    throw invalid(
      reader,
      claim.at,
      `the directory should be ${claim.bytes} bytes at byte ${claim.start}, which is not before its end record: ` +
        'the archive lost bytes in its middle',
    );
  }
  const shift = start - claim.start;
  if (claim.bytes === 0 && claim.entries > 0) throw invalid(reader, claim.at, 'an empty directory of several entries');
  const offsetsModulo = !isZip64 && shift > 0 && shift % MODULUS32 === 0;
  const place = { bytes: claim.bytes, entries: claim.entries, entriesModulo: !isZip64, offsetsModulo };
  if (offsetsModulo) return { ...place, start, shift: 0 };
  // Between directory and end record there may be a signature or padding: then the stated place is right as it is.
  if (shift > 0 && claim.bytes > 0 && (await signatureAt(reader, claim.start, signal)) === CENTRAL) {
    return { ...place, start: claim.start, shift: 0 };
  }
  return { ...place, start, shift };
}

async function zip64Claim(
  reader: RangeReader,
  tail: Buffer,
  tailStart: number,
  locator: number,
  signal: AbortSignal | undefined,
): Promise<Claim> {
  const disks = tail.readUInt32LE(locator + 16);
  const stated = wholeNumber(reader, tail, locator + 8, tailStart + locator + 8);
  const directlyBefore = tailStart + locator - ZIP64_END_BYTES;
  // Bytes in front of the archive move the record from where it says it is; without them it is there.
  for (const at of [stated, directlyBefore]) {
    if (at < 0 || at + ZIP64_END_BYTES > reader.bytes) continue;
    const record = await reader.read(at, ZIP64_END_BYTES, signal);
    if (record.readUInt32LE(0) !== ZIP64_END) continue;
    return {
      at,
      disk: Math.max(record.readUInt32LE(16), disks > 1 ? disks - 1 : 0),
      entries: wholeNumber(reader, record, 32, at + 32),
      bytes: wholeNumber(reader, record, 40, at + 40),
      start: wholeNumber(reader, record, 48, at + 48),
    };
  }
  throw invalid(reader, tailStart + locator, `no zip64 record at byte ${stated}, where its locator says it is`);
}

async function signatureAt(reader: RangeReader, at: number, signal: AbortSignal | undefined): Promise<number> {
  return (await reader.read(at, 4, signal)).readUInt32LE(0);
}

/** A 64-bit number of the archive, as long as it can be one of a file. */
export function wholeNumber(reader: RangeReader, buffer: Buffer, offset: number, byte: number): number {
  const value = buffer.readBigUInt64LE(offset);
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw invalid(reader, byte, `states the impossible size or place ${value}`);
}

export function invalid(reader: Pick<RangeReader, 'name' | 'bytes'>, byte: number, problem: string): SerengetiError {
  return new SerengetiError('ARCHIVE_INVALID', `${reader.name} (${reader.bytes} bytes), byte ${byte}: ${problem}`, {
    details: { archive: reader.name, bytes: reader.bytes, byte },
  });
}

/** Whether a field of 16 or 32 bits only says that its value is in the zip64 extra field. */
export function isInExtra(value: number, bits: 16 | 32): boolean {
  return value === (bits === 16 ? MAX16 : MAX32);
}
