import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Mirror } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import { SerengetiError } from '../../contracts/errors';
import { isMissing } from '../../http/failures';
import { entryBytes } from '../../zip/entryData';
import { openFileReader, type RangeReader } from '../../zip/reader';
import type { Entry } from '../../zip/table';
import { ENTRIES_CSV, REJECTED_CSV, readEntriesCsv, readRejectedCsv } from './entriesCsv';
import { LooseFrames } from './looseFrames';
import { FRAMES_FOLDER } from './unzip';

/** Gives frames by their file name, from wherever they are. Safe to use for many reads at once. */
export interface FrameReader {
  has(fileName: string): boolean;
  /** File names of all frames; none where nothing lists them. */
  names(): Iterable<string>;
  /**
   * A frame's bytes, checked by CRC-32 where anything states it.
   *
   * @throws SerengetiError FRAME_MISSING; ENTRY_CORRUPT also for frames that were found damaged before
   */
  read(fileName: string, signal?: AbortSignal): Promise<Buffer>;
  close(): Promise<void>;
}

/** Where the bytes of listed frames lie. */
interface FrameBytes {
  read(entry: Entry, signal: AbortSignal | undefined): Promise<Buffer>;
  close(): Promise<void>;
}

const LOOSE_CONNECTIONS = 4;

/** Opens frames that were extracted: a folder with `entries.csv`, `rejected.csv` and `frames/`. */
export async function openExtractedFrames(directory: string): Promise<FrameReader> {
  return await openListed(directory, () => Promise.resolve(new ExtractedBytes(directory)));
}

/** Opens frames that lie in a zip beside `entries.csv` and `rejected.csv`. */
export async function openPackedFrames(directory: string): Promise<FrameReader> {
  const zips = (await readdir(directory)).filter((name) => name.endsWith('.zip'));
  return await openArchivedFrames(
    directory,
    zips.map((name) => join(directory, name)),
  );
}

/**
 * Opens frames in their archives.
 *
 * @param directory - with `entries.csv` and `rejected.csv`
 * @param archives - paths on this host, or readers, which are the frames' own from now on and are closed with them
 */
export async function openArchivedFrames(
  directory: string,
  archives: readonly (string | RangeReader)[],
): Promise<FrameReader> {
  return await openListed(directory, () => ArchivedBytes.open(archives));
}

/** Reads single frames that lie loose below a folder at the mirrors. Nothing lists them: each may be there. */
export function openLooseFrames(
  { mirrors, folder }: { readonly mirrors: readonly Mirror[]; readonly folder: string },
  { onWarning }: Pick<WorkOptions, 'onWarning'> = {},
): FrameReader {
  const loose = new LooseFrames(mirrors, folder, { connections: LOOSE_CONNECTIONS, onWarning });
  return {
    has: () => true,
    names: () => [],
    read: (fileName, signal) =>
      loose.read({ name: fileName }, signal).catch((error: unknown) => {
        throw isMissing(error) ? missing(fileName, `no mirror has it in ${folder}`, error) : error;
      }),
    close: () => loose.close(),
  };
}

async function openListed(directory: string, openBytes: () => Promise<FrameBytes>): Promise<FrameReader> {
  const bytes = await openBytes();
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of readEntriesCsv(join(directory, ENTRIES_CSV))) entries.set(entry.name, entry);
    const rejected = await readRejectedCsv(join(directory, REJECTED_CSV));
    return {
      has: (fileName) => entries.has(fileName),
      names: () => entries.keys(),
      async read(fileName, signal) {
        const entry = entries.get(fileName);
        if (entry === undefined) throw unlisted(fileName, rejected.get(fileName));
        return await bytes.read(entry, signal);
      },
      close: () => bytes.close(),
    };
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

class ExtractedBytes implements FrameBytes {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async read(entry: Entry, signal: AbortSignal | undefined): Promise<Buffer> {
    // Only names of the list are looked up, so none leads out of the folder.
    const path = join(this.#directory, FRAMES_FOLDER, entry.name);
    const bytes = await readFile(path, { signal }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? missing(entry.name, `${path} is not there`, error) : error;
    });
    if (crc32(bytes) !== entry.crc32) throw corrupt(path, bytes.length, entry);
    return bytes;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class ArchivedBytes implements FrameBytes {
  readonly #readers = new Map<string, RangeReader>();

  static async open(archives: readonly (string | RangeReader)[]): Promise<ArchivedBytes> {
    const opened = new ArchivedBytes();
    for (const reader of archives) if (typeof reader !== 'string') opened.#readers.set(reader.name, reader);
    try {
      for (const path of archives) {
        if (typeof path !== 'string') continue;
        const reader = await openFileReader(path);
        opened.#readers.set(reader.name, reader);
      }
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  }

  async read(entry: Entry, signal: AbortSignal | undefined): Promise<Buffer> {
    const reader = this.#readers.get(entry.archive);
    if (reader === undefined) throw missing(entry.name, `its archive ${entry.archive} is not there`);
    return await entryBytes(reader, entry, { signal });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#readers.values()].map((reader) => reader.close()));
  }
}

function unlisted(fileName: string, rejection: string | undefined): SerengetiError {
  if (rejection === undefined) return missing(fileName, "the season's archives have no such entry");
  return new SerengetiError('ENTRY_CORRUPT', `The frame "${fileName}" ${rejection}`, { details: { fileName } });
}

function missing(fileName: string, reason: string, cause?: unknown): SerengetiError {
  return new SerengetiError('FRAME_MISSING', `No frame "${fileName}": ${reason}`, { cause, details: { fileName } });
}

function corrupt(path: string, bytes: number, { name: fileName, bytes: expected }: Entry): SerengetiError {
  return new SerengetiError(
    'ENTRY_CORRUPT',
    `${path} (${bytes} bytes) is not the frame "${fileName}" (${expected} bytes): its CRC-32 differs`,
    { details: { fileName, path, bytes, expected } },
  );
}
