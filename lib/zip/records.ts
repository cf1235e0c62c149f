import { crc32 } from 'node:zlib';
import { invalid, isInExtra, MODULUS32, wholeNumber, type DirectoryPlace } from './ending';
import type { ZipLimits } from './limits';
import { NameSet, looksPlain } from './nameSet';
import { decodeCp437, decodeUtf8, nameProblem, pathIn } from './names';
import type { RangeReader } from './reader';
import { DEFLATED, EntryTable, STORED, type EntryRecord, type RejectedEntry } from './table';

// PKWARE APPNOTE 6.3.10, sections 4.3.12 (central header), 4.4 (fields), 4.5.3 (zip64), 4.6.9 (Unicode path).
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const ENCRYPTED = 1 << 0;
const STRONGLY_ENCRYPTED = 1 << 6;
const UTF8 = 1 << 11;
const HEADERS_MASKED = 1 << 13;
const AES = 99;
const ZIP64_EXTRA = 0x0001;
const UNICODE_PATH_EXTRA = 0x7075;
const DEFLATED64 = 9;
/** Hosts whose programs write "\\" between folders: MS-DOS, NTFS, VFAT. */
const WINDOWS_HOSTS = new Set([0, 10, 14]);
/** Hosts whose external attributes carry a Unix mode: Unix and macOS. */
const UNIX_HOSTS = new Set([3, 19]);
const FILE_TYPES: Readonly<Record<number, string>> = {
  0x1000: 'a named pipe',
  0x2000: 'a device',
  0x4000: 'a folder',
  0x6000: 'a device',
  0xa000: 'a symbolic link',
  0xc000: 'a socket',
};

type Rejection = Pick<RejectedEntry, 'code' | 'reason'> & { readonly byte?: number };

interface CentralHeader extends EntryRecord {
  /** Position in the directory's bytes. */
  readonly position: number;
  readonly extraStart: number;
  readonly next: number;
  readonly flags: number;
  /** Whether an extra field has the name once more, in Unicode. */
  readonly isNamedTwice: boolean;
  readonly host: number;
  readonly mode: number;
  readonly disk: number;
}

/** Parses the directory's records. Synchronous: 400,000 of them take a fraction of a second. */
export function parseRecords(
  reader: RangeReader,
  place: DirectoryPlace,
  directory: Buffer,
  limits: ZipLimits,
): { entries: EntryTable; rejected: RejectedEntry[] } {
  const most = Math.floor(directory.length / CENTRAL_BYTES);
  const entries = new EntryTable(reader.name, directory, most);
  const names = new NameSet(directory, most);
  const rejected: RejectedEntry[] = [];
  let count = 0;
  let before: CentralHeader | undefined;
  for (let position = 0; position < directory.length; count++) {
    const stated = readHeader(reader, place, directory, position, count);
    const header = place.offsetsModulo ? behind(before, stated) : stated;
    before = header;
    position = header.next;
    if (isFolder(directory, header)) continue;
    const rejection = check(place, directory, header, limits) ?? checkRepeated(names, directory, header);
    if (rejection === undefined) entries.add(header);
    else {
      rejected.push({
        name: printable(nameOf(directory, header)),
        archive: reader.name,
        code: rejection.code,
        reason: rejection.reason,
        byte: rejection.byte ?? place.start + header.position,
      });
    }
  }
  const announced = place.entriesModulo ? count % 0x10000 === place.entries : count === place.entries;
  if (!announced) {
    throw invalid(reader, place.start, `the directory has ${count} entries and announces ${place.entries}`);
  }
  return { entries, rejected };
}

/** An entry whose offset is stated modulo 2³², as the directory lists them: in the order in which they lie. */
function behind(before: CentralHeader | undefined, stated: CentralHeader): CentralHeader {
  if (before === undefined) return stated;
  const least = before.offset + before.compressedBytes;
  const turns = Math.ceil(Math.max(0, least - stated.offset) / MODULUS32);
  return turns === 0 ? stated : { ...stated, offset: stated.offset + turns * MODULUS32 };
}

function readHeader(
  reader: RangeReader,
  place: DirectoryPlace,
  directory: Buffer,
  position: number,
  count: number,
): CentralHeader {
  const at = place.start + position;
  if (position + CENTRAL_BYTES > directory.length) throw invalid(reader, at, `directory entry ${count} is cut off`);
  if (directory.readUInt32LE(position) !== CENTRAL) {
    throw invalid(reader, at, `directory entry ${count} does not begin with its signature`);
  }
  const nameLength = directory.readUInt16LE(position + 28);
  const nameStart = position + CENTRAL_BYTES;
  const extraStart = nameStart + nameLength;
  const extraEnd = extraStart + directory.readUInt16LE(position + 30);
  const next = extraEnd + directory.readUInt16LE(position + 32);
  if (next > directory.length) throw invalid(reader, at, `directory entry ${count} is cut off`);
  const wide = readWideFields(reader, place, directory, position, extraStart, extraEnd);
  const flags = directory.readUInt16LE(position + 8);
  const host = directory[position + 5]!;
  const unicode = unicodePath(directory, nameStart, extraStart, extraEnd);
  // One literal: spreading parts into it costs a second on a large season.
  return {
    compressedBytes: wide?.compressedBytes ?? directory.readUInt32LE(position + 20),
    bytes: wide?.bytes ?? directory.readUInt32LE(position + 24),
    offset: (wide?.offset ?? directory.readUInt32LE(position + 42)) + place.shift,
    disk: wide?.disk ?? directory.readUInt16LE(position + 34),
    method: directory.readUInt16LE(position + 10),
    crc32: directory.readUInt32LE(position + 16),
    nameStart,
    nameLength,
    cp437: (flags & UTF8) === 0,
    otherName: otherName(directory.subarray(nameStart, extraStart), unicode, flags, host),
    isNamedTwice: unicode !== undefined,
    position,
    extraStart,
    next,
    flags,
    host,
    mode: directory.readUInt16LE(position + 40),
  };
}

/** The name that counts where the directory's bytes are not simply it; `undefined` also where they are no name. */
function otherName(bytes: Buffer, unicode: string | undefined, flags: number, host: number): string | undefined {
  if (unicode === undefined && looksPlain(bytes, 0, bytes.length)) return undefined;
  // What is UTF-8 is hardly ever meant as something else, and macOS does not say that it is.
  const text = unicode ?? decodeUtf8(bytes) ?? ((flags & UTF8) === 0 ? decodeCp437(bytes) : undefined);
  return text === undefined ? undefined : pathIn(text, WINDOWS_HOSTS.has(host));
}

interface WideFields {
  readonly bytes: number | undefined;
  readonly compressedBytes: number | undefined;
  readonly offset: number | undefined;
  readonly disk: number | undefined;
}

/** Sizes and place that 32 bits are too few for: in the zip64 extra field, in this order, those needed only. */
function readWideFields(
  reader: RangeReader,
  place: DirectoryPlace,
  directory: Buffer,
  position: number,
  extraStart: number,
  extraEnd: number,
): WideFields | undefined {
  const bytes = isInExtra(directory.readUInt32LE(position + 24), 32);
  const compressedBytes = isInExtra(directory.readUInt32LE(position + 20), 32);
  const offset = isInExtra(directory.readUInt32LE(position + 42), 32);
  const disk = isInExtra(directory.readUInt16LE(position + 34), 16);
  if (!(bytes || compressedBytes || offset || disk)) return undefined;
  const extra = findExtra(directory, ZIP64_EXTRA, extraStart, extraEnd);
  if (extra === undefined) return undefined;
  const needed = (bytes ? 8 : 0) + (compressedBytes ? 8 : 0) + (offset ? 8 : 0) + (disk ? 4 : 0);
  if (extra.start + needed > extra.end) {
    throw invalid(
      reader,
      place.start + extra.start,
      `a zip64 field of ${extra.end - extra.start} bytes needs ${needed}`,
    );
  }
  const compressedAt = extra.start + (bytes ? 8 : 0);
  const offsetAt = compressedAt + (compressedBytes ? 8 : 0);
  const diskAt = offsetAt + (offset ? 8 : 0);
  const number = (at: number): number => wholeNumber(reader, directory, at, place.start + at);
  return {
    bytes: bytes ? number(extra.start) : undefined,
    compressedBytes: compressedBytes ? number(compressedAt) : undefined,
    offset: offset ? number(offsetAt) : undefined,
    disk: disk ? directory.readUInt32LE(diskAt) : undefined,
  };
}

/** Info-ZIP's Unicode name, valid as long as its CRC is that of the ordinary name. */
function unicodePath(directory: Buffer, nameStart: number, extraStart: number, extraEnd: number): string | undefined {
  if (extraEnd - extraStart < 9) return undefined;
  const extra = findExtra(directory, UNICODE_PATH_EXTRA, extraStart, extraEnd);
  if (extra === undefined || extra.end - extra.start < 5 || directory[extra.start] !== 1) return undefined;
  if (directory.readUInt32LE(extra.start + 1) !== crc32(directory.subarray(nameStart, extraStart))) return undefined;
  return decodeUtf8(directory.subarray(extra.start + 5, extra.end));
}

function findExtra(
  directory: Buffer,
  id: number,
  start: number,
  end: number,
): { start: number; end: number } | undefined {
  for (let at = start; at + 4 <= end;) {
    const length = directory.readUInt16LE(at + 2);
    if (directory.readUInt16LE(at) === id && at + 4 + length <= end) return { start: at + 4, end: at + 4 + length };
    at += 4 + length;
  }
  return undefined;
}

function isFolder(directory: Buffer, { nameLength, extraStart, bytes, host }: CentralHeader): boolean {
  if (nameLength === 0 || bytes !== 0) return false;
  const last = directory[extraStart - 1];
  return last === 0x2f || (last === 0x5c && WINDOWS_HOSTS.has(host));
}

function check(
  place: DirectoryPlace,
  directory: Buffer,
  header: CentralHeader,
  limits: ZipLimits,
): Rejection | undefined {
  return checkName(directory, header) ?? checkType(header) ?? checkMethod(header) ?? checkSizes(place, header, limits);
}

function checkName(directory: Buffer, header: CentralHeader): Rejection | undefined {
  if (hasPlainName(directory, header)) return undefined;
  const name = header.otherName;
  if (name === undefined) return { code: 'ARCHIVE_INVALID', reason: 'has a name that is not the UTF-8 it says it is' };
  // Readers disagree on which of the two names counts, so both have to be harmless.
  const bytes = directory.subarray(header.nameStart, header.extraStart);
  const first = header.isNamedTwice
    ? nameProblem(pathIn(decodeCp437(bytes), WINDOWS_HOSTS.has(header.host)))
    : undefined;
  const problem = nameProblem(name) ?? first;
  return problem === undefined ? undefined : { code: 'ARCHIVE_HOSTILE', reason: problem };
}

function hasPlainName(directory: Buffer, header: CentralHeader): boolean {
  return header.otherName === undefined && looksPlain(directory, header.nameStart, header.extraStart);
}

function checkType(header: CentralHeader): Rejection | undefined {
  if (!UNIX_HOSTS.has(header.host)) return undefined;
  const type = FILE_TYPES[header.mode & 0xf000];
  return type === undefined ? undefined : { code: 'ARCHIVE_HOSTILE', reason: `is ${type}, not a file` };
}

function checkMethod({ flags, method, disk }: CentralHeader): Rejection | undefined {
  if ((flags & (ENCRYPTED | STRONGLY_ENCRYPTED | HEADERS_MASKED)) !== 0 || method === AES) {
    return { code: 'ARCHIVE_UNSUPPORTED', reason: 'is encrypted' };
  }
  if (method === DEFLATED64) {
    return {
      code: 'ARCHIVE_UNSUPPORTED',
      reason:
        'is compressed with Deflate64 (method 9), as Windows Explorer does with large selections; ' +
        'pack the files again with another program, such as 7-Zip, without compression',
    };
  }
  if (method !== STORED && method !== DEFLATED) {
    return {
      code: 'ARCHIVE_UNSUPPORTED',
      reason: `is compressed with method ${method}; only 0 (stored) and 8 (deflated) are read`,
    };
  }
  return disk === 0 ? undefined : { code: 'ARCHIVE_UNSUPPORTED', reason: `begins on disk ${disk} of a split archive` };
}

function checkSizes(place: DirectoryPlace, header: CentralHeader, limits: ZipLimits): Rejection | undefined {
  const { bytes, compressedBytes, offset, method } = header;
  const end = offset + LOCAL_BYTES + header.nameLength + compressedBytes;
  if (end > place.start) {
    const reason = `is cut off: it should end at byte ${end}, behind the directory's start at ${place.start}`;
    return { code: 'ARCHIVE_INVALID', reason, byte: offset };
  }
  if (method === STORED && bytes !== compressedBytes) {
    return { code: 'ARCHIVE_INVALID', reason: `is stored, yet has two sizes: ${compressedBytes} and ${bytes} bytes` };
  }
  if (bytes > limits.entryBytes) {
    return {
      code: 'ARCHIVE_HOSTILE',
      reason: `unpacks to ${bytes} bytes, more than the limit of ${limits.entryBytes}`,
    };
  }
  if (bytes > limits.ratioFromBytes && bytes > limits.entryRatio * compressedBytes) {
    const reason = `unpacks ${compressedBytes} bytes to ${bytes}, more than ${limits.entryRatio} times as many`;
    return { code: 'ARCHIVE_HOSTILE', reason };
  }
  return undefined;
}

function checkRepeated(names: NameSet, directory: Buffer, header: CentralHeader): Rejection | undefined {
  const isNew = hasPlainName(directory, header)
    ? names.addPlain(header.nameStart, header.nameLength)
    : names.addText(nameOf(directory, header));
  return isNew ? undefined : { code: 'ARCHIVE_HOSTILE', reason: 'has the name of an entry before it' };
}

function nameOf(directory: Buffer, header: CentralHeader): string {
  return header.otherName ?? decodeCp437(directory.subarray(header.nameStart, header.extraStart));
}

function printable(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is made visible
  return name.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
