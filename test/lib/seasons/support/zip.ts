import { crc32, deflateRawSync } from 'node:zlib';

/** An entry as a test wants it; whatever is not said is as it should be. */
export interface ZipPart {
  readonly name: string | Buffer;
  readonly data?: string | Buffer;
  readonly deflate?: boolean;
  /** Bit 11 of the flags: the name is UTF-8. @default false */
  readonly utf8?: boolean;
  /** Sizes and CRC-32 follow the data instead of standing in the header. */
  readonly descriptor?: boolean;
  /** Sizes and offset are in the zip64 extra field. */
  readonly zip64?: boolean;
  /** Extra field of the local header. */
  readonly localExtra?: Buffer;
  readonly extra?: Buffer;
  readonly comment?: string;
  /** Unix mode, file type included. @default 0o100644 */
  readonly mode?: number;
  readonly flags?: number;
  /** System that the archive was made on. @default 3, Unix */
  readonly host?: number;

  // Lies
  readonly method?: number;
  readonly crc?: number;
  /** In the directory only. */
  readonly bytes?: number;
  readonly compressedBytes?: number;
  readonly offset?: number;
  readonly disk?: number;
  readonly localName?: string;
  readonly localMethod?: number;
  readonly localSignature?: number;
}

export interface ZipShape {
  readonly comment?: string;
  /** Bytes put in front, as self-extracting archives have them. */
  readonly prefix?: Buffer;
  readonly zip64End?: boolean;
  readonly endDisk?: number;
  readonly announcedEntries?: number;
  /** Bytes between the directory and its end record. */
  readonly padding?: number;
  /** Bytes behind the end record and its comment. */
  readonly suffix?: Buffer;
}

/** Makes a zip out of any entries, possible and impossible ones. */
export function zip(parts: readonly ZipPart[], shape: ZipShape = {}): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  for (const part of parts) {
    const made = entry(part, position);
    files.push(made.local);
    directory.push(made.central);
    position += made.local.length;
  }
  const central = Buffer.concat([...directory, Buffer.alloc(shape.padding ?? 0)]);
  const size = central.length - (shape.padding ?? 0);
  const end = endRecords(parts.length, position, size, central.length, shape);
  const [prefix, suffix] = [shape.prefix ?? Buffer.alloc(0), shape.suffix ?? Buffer.alloc(0)];
  return Buffer.concat([prefix, ...files, central, ...end, suffix]);
}

function entry(part: ZipPart, position: number): { local: Buffer; central: Buffer } {
  const data = Buffer.from(part.data ?? 'data');
  const packed = part.deflate === true ? deflateRawSync(data) : data;
  const name = Buffer.from(part.name);
  const localName = Buffer.from(part.localName ?? name);
  const method = part.method ?? (part.deflate === true ? 8 : 0);
  const crc = part.crc ?? crc32(data);
  const flags = (part.flags ?? 0) | (part.utf8 === true ? 1 << 11 : 0) | (part.descriptor === true ? 1 << 3 : 0);

  const header = Buffer.alloc(30);
  header.writeUInt32LE(part.localSignature ?? 0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(part.localMethod ?? method, 8);
  if (part.descriptor !== true) {
    header.writeUInt32LE(crc, 14);
    header.writeUInt32LE(packed.length, 18);
    header.writeUInt32LE(data.length, 22);
  }
  header.writeUInt16LE(localName.length, 26);
  header.writeUInt16LE(part.localExtra?.length ?? 0, 28);
  const descriptor = Buffer.alloc(part.descriptor === true ? 16 : 0);
  if (part.descriptor === true) {
    descriptor.writeUInt32LE(0x08074b50, 0);
    descriptor.writeUInt32LE(crc, 4);
    descriptor.writeUInt32LE(packed.length, 8);
    descriptor.writeUInt32LE(data.length, 12);
  }
  const local = Buffer.concat([header, localName, part.localExtra ?? Buffer.alloc(0), packed, descriptor]);
  const sizes = {
    compressedBytes: part.compressedBytes ?? packed.length,
    bytes: part.bytes ?? data.length,
    offset: part.offset ?? position,
  };
  return { local, central: centralHeader(part, name, { ...sizes, method, crc, flags }) };
}

function centralHeader(
  part: ZipPart,
  name: Buffer,
  facts: { compressedBytes: number; bytes: number; offset: number; method: number; crc: number; flags: number },
): Buffer {
  const wide = part.zip64 === true;
  const extra = Buffer.concat([wide ? zip64Extra(facts) : Buffer.alloc(0), part.extra ?? Buffer.alloc(0)]);
  const comment = Buffer.from(part.comment ?? '');
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(((part.host ?? 3) << 8) | 20, 4);
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(facts.flags, 8);
  central.writeUInt16LE(facts.method, 10);
  central.writeUInt32LE(facts.crc, 16);
  central.writeUInt32LE(wide ? 0xffffffff : facts.compressedBytes, 20);
  central.writeUInt32LE(wide ? 0xffffffff : facts.bytes, 24);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt16LE(extra.length, 30);
  central.writeUInt16LE(comment.length, 32);
  central.writeUInt16LE(part.disk ?? 0, 34);
  central.writeUInt32LE(((part.mode ?? 0o100644) << 16) >>> 0, 38);
  central.writeUInt32LE(wide ? 0xffffffff : facts.offset, 42);
  return Buffer.concat([central, name, extra, comment]);
}

function zip64Extra({
  bytes,
  compressedBytes,
  offset,
}: {
  bytes: number;
  compressedBytes: number;
  offset: number;
}): Buffer {
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(bytes), 4);
  extra.writeBigUInt64LE(BigInt(compressedBytes), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  return extra;
}

function endRecords(count: number, start: number, size: number, distance: number, shape: ZipShape): Buffer[] {
  const wide = shape.zip64End === true;
  const entries = shape.announcedEntries ?? count;
  const comment = Buffer.from(shape.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(shape.endDisk ?? 0, 4);
  end.writeUInt16LE(wide ? 0xffff : entries, 8);
  end.writeUInt16LE(wide ? 0xffff : entries, 10);
  end.writeUInt32LE(wide ? 0xffffffff : size, 12);
  end.writeUInt32LE(wide ? 0xffffffff : start, 16);
  end.writeUInt16LE(comment.length, 20);
  if (!wide) return [end, comment];
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start + distance), 8);
  locator.writeUInt32LE(1, 16);
  return [record, locator, end, comment];
}

/** Info-ZIP's Unicode path: the name that counts, valid for the name in the header. */
export function unicodePath(name: string, headerName: string): Buffer {
  const text = Buffer.from(name);
  const extra = Buffer.alloc(9);
  extra.writeUInt16LE(0x7075, 0);
  extra.writeUInt16LE(5 + text.length, 2);
  extra.writeUInt8(1, 4);
  extra.writeUInt32LE(crc32(Buffer.from(headerName)), 5);
  return Buffer.concat([extra, text]);
}
