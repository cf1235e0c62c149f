import { readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { SerengetiError } from '../contracts/errors';

/** Random access to the bytes of an archive, wherever it lies. Safe to use for many reads at once. */
export interface RangeReader {
  /** Base name: what `entries.csv` calls the archive. */
  readonly name: string;
  readonly bytes: number;
  /**
   * @param start - first byte
   * @param length - in bytes; `start + length` is at most `bytes`
   * @param into - memory to use, at least `length` bytes of it; new memory costs as much as copying
   * @returns exactly `length` bytes, or throws
   */
  read(start: number, length: number, signal?: AbortSignal, into?: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}

/** Reads some bytes of a file into memory. @returns how many */
type Read = (file: FileHandle, into: Buffer, position: number) => number | Promise<number>;

const readElsewhere: Read = async (file, into, position) => (await file.read(into, 0, into.length, position)).bytesRead;

/** For threads that have nothing else to do: the bytes are then in the cache of the core that works on them. */
export const readHere: Read = (file, into, position) => readSync(file.fd, into, 0, into.length, position);

/** @throws SerengetiError SOURCE_MISSING */
export async function openFileReader(path: string, readSome: Read = readElsewhere): Promise<RangeReader> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new SerengetiError('SOURCE_MISSING', `There is no archive ${path}`, { cause: error, details: { path } });
  });
  const name = basename(path);
  const { size } = await file.stat();
  return {
    name,
    bytes: size,
    async read(start, length, signal, into = Buffer.allocUnsafeSlow(length)) {
      signal?.throwIfAborted();
      const buffer = into.subarray(0, length);
      let filled = 0;
      while (filled < length) {
        const bytesRead = await readSome(file, buffer.subarray(filled), start + filled);
        if (bytesRead === 0) throw endsEarly(name, size, start, length);
        filled += bytesRead;
      }
      return buffer;
    },
    close: () => file.close(),
  };
}

/** Archives opened for reading. */
export interface OpenArchives {
  /** In the order of the archives. */
  readonly readers: readonly RangeReader[];
  /** Closes those that were opened here. */
  close(): Promise<void>;
}

/**
 * Opens archives given by path on this host; those given as readers are read as they are, and stay the caller's to close.
 *
 * @throws SerengetiError SOURCE_MISSING
 */
export async function openArchives(archives: readonly (string | RangeReader)[]): Promise<OpenArchives> {
  const readers: RangeReader[] = [];
  const opened: RangeReader[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((reader) => reader.close()));
  };
  try {
    for (const archive of archives) {
      const reader = typeof archive === 'string' ? await openFileReader(archive) : archive;
      if (reader !== archive) opened.push(reader);
      readers.push(reader);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { readers, close };
}

function endsEarly(name: string, bytes: number, start: number, length: number): SerengetiError {
  return new SerengetiError(
    'ARCHIVE_INVALID',
    `${name}: bytes ${start} to ${start + length - 1} were asked for, but it has ${bytes}`,
    { details: { archive: name, byte: start, length, bytes } },
  );
}
