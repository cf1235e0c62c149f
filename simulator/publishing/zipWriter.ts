import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';

export type ZipMethod = 'stored' | 'deflated';

/** An entry as the zip's directory lists it. */
export interface ZipEntry {
  readonly name: string;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly method: ZipMethod;
  /** Byte at which its local header begins. */
  readonly offset: number;
  readonly dosTime: number;
  readonly dosDate: number;
}

export const LOCAL_HEADER = 0x04034b50;
export const LOCAL_HEADER_BYTES = 30;
export const METHOD_CODES = { stored: 0, deflated: 8 } as const satisfies Record<ZipMethod, number>;

const CENTRAL_HEADER = 0x02014b50;
const ZIP64_END = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const END = 0x06054b50;

const UNIX = 3 << 8;
const VERSION = 20;
const VERSION_ZIP64 = 45;
const REGULAR_FILE_0644 = 0o100644 << 16;
const VALUE_IS_IN_ZIP64 = 0xffffffff;
const COUNT_IS_IN_ZIP64 = 0xffff;
/** Python's zipfile, which wrote LILA's archives, moves offsets beyond 2 GiB into the zip64 field. */
const ZIP64_OFFSET = 0x7fffffff;
const BUFFERED_BYTES = 1 << 18;

/**
 * Writes zips whose bytes follow from their content alone: no clock, no time zone, no compressor's choice of order. The
 * local headers carry CRC-32 and sizes, so an unfinished file can be read and gone on with. Always zip64, like LILA's.
 */
export class ZipWriter {
  readonly #file: FileHandle;
  readonly #entries: ZipEntry[];
  #position: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  /** @param entries - those that the file holds already, from its first byte to `position`. */
  constructor(file: FileHandle, entries: readonly ZipEntry[] = [], position = 0) {
    this.#file = file;
    this.#entries = [...entries];
    this.#position = position;
  }

  get entries(): readonly ZipEntry[] {
    return this.#entries;
  }

  /** @param time - milliseconds since 1970, as the clock at the place showed them; at least 1980. */
  async add(name: string, data: Buffer, time: number, method: ZipMethod): Promise<void> {
    const compressed = method === 'stored' ? data : deflateRawSync(data);
    const entry: ZipEntry = {
      name,
      crc: crc32(data),
      compressedSize: compressed.length,
      size: data.length,
      method,
      offset: this.#position,
      ...dosTimestamp(time),
    };
    this.#entries.push(entry);
    await this.#write(localHeader(entry), compressed);
  }

  /** Deflates text of unknown length; its header is completed when the length is known. At most 4 GiB. */
  async addText(name: string, chunks: AsyncIterable<string> | Iterable<string>, time: number): Promise<void> {
    const blank: ZipEntry = {
      name,
      crc: 0,
      compressedSize: 0,
      size: 0,
      method: 'deflated',
      offset: this.#position,
      ...dosTimestamp(time),
    };
    await this.#write(localHeader(blank));
    const begin = this.#position;
    const deflate = createDeflateRaw({ level: 3 });
    let crc = 0;
    let size = 0;
    const feed = async (): Promise<void> => {
      for await (const chunk of chunks) {
        const bytes = Buffer.from(chunk);
        crc = crc32(bytes, crc);
        size += bytes.length;
        if (!deflate.write(bytes)) await once(deflate, 'drain');
      }
      deflate.end();
    };
    const drain = async (): Promise<void> => {
      for await (const compressed of deflate) await this.#write(compressed as Buffer);
    };
    await Promise.all([feed().catch((error: Error) => void deflate.destroy(error)), drain()]);
    const entry: ZipEntry = { ...blank, crc, size, compressedSize: this.#position - begin };
    if (size > VALUE_IS_IN_ZIP64) throw new RangeError(`${name} has ${size} bytes; a text entry holds at most 4 GiB`);
    this.#entries.push(entry);
    await this.flush();
    await this.#file.write(localHeader(entry), 0, LOCAL_HEADER_BYTES, entry.offset);
  }

  /** Writes the directory. The file is complete, not yet synced. */
  async end(): Promise<void> {
    const begin = this.#position;
    for (const entry of this.#entries) await this.#write(centralHeader(entry));
    await this.#write(endOfDirectory(this.#entries.length, this.#position - begin, begin));
    await this.flush();
  }

  async flush(): Promise<void> {
    const chunks = this.#pending;
    this.#pending = [];
    const at = this.#position - this.#pendingBytes;
    this.#pendingBytes = 0;
    if (chunks.length > 0) {
      const whole = Buffer.concat(chunks);
      let written = 0;
      while (written < whole.length) {
        written += (await this.#file.write(whole, written, whole.length - written, at + written)).bytesWritten;
      }
    }
  }

  async #write(...chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) {
      this.#pending.push(chunk);
      this.#pendingBytes += chunk.length;
      this.#position += chunk.length;
    }
    if (this.#pendingBytes >= BUFFERED_BYTES) await this.flush();
  }
}

function localHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name);
  const header = Buffer.alloc(LOCAL_HEADER_BYTES + name.length);
  header.writeUInt32LE(LOCAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(METHOD_CODES[entry.method], 8);
  header.writeUInt16LE(entry.dosTime, 10);
  header.writeUInt16LE(entry.dosDate, 12);
  header.writeUInt32LE(entry.crc, 14);
  header.writeUInt32LE(entry.compressedSize, 18);
  header.writeUInt32LE(entry.size, 22);
  header.writeUInt16LE(name.length, 26);
  name.copy(header, LOCAL_HEADER_BYTES);
  return header;
}

function centralHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name);
  const far = entry.offset > ZIP64_OFFSET;
  const extra = far ? zip64Extra(entry.offset) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(CENTRAL_HEADER, 0);
  header.writeUInt16LE(UNIX | (far ? VERSION_ZIP64 : VERSION), 4);
  header.writeUInt16LE(far ? VERSION_ZIP64 : VERSION, 6);
  header.writeUInt16LE(METHOD_CODES[entry.method], 10);
  header.writeUInt16LE(entry.dosTime, 12);
  header.writeUInt16LE(entry.dosDate, 14);
  header.writeUInt32LE(entry.crc, 16);
  header.writeUInt32LE(entry.compressedSize, 20);
  header.writeUInt32LE(entry.size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(REGULAR_FILE_0644 >>> 0, 38);
  header.writeUInt32LE(far ? VALUE_IS_IN_ZIP64 : entry.offset, 42);
  return Buffer.concat([header, name, extra]);
}

function zip64Extra(offset: number): Buffer {
  const extra = Buffer.alloc(12);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8, 2);
  extra.writeBigUInt64LE(BigInt(offset), 4);
  return extra;
}

function endOfDirectory(count: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(ZIP64_END, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(UNIX | VERSION_ZIP64, 12);
  end.writeUInt16LE(VERSION_ZIP64, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(bytes), 40);
  end.writeBigUInt64LE(BigInt(offset), 48);
  end.writeUInt32LE(ZIP64_LOCATOR, 56);
  end.writeBigUInt64LE(BigInt(offset + bytes), 64);
  end.writeUInt32LE(1, 72);
  end.writeUInt32LE(END, 76);
  end.writeUInt16LE(COUNT_IS_IN_ZIP64, 84);
  end.writeUInt16LE(COUNT_IS_IN_ZIP64, 86);
  end.writeUInt32LE(VALUE_IS_IN_ZIP64, 88);
  end.writeUInt32LE(VALUE_IS_IN_ZIP64, 92);
  return end;
}

function dosTimestamp(time: number): { dosTime: number; dosDate: number } {
  const date = new Date(time);
  return {
    dosTime: (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1),
    dosDate: ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate(),
  };
}
