import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { SerengetiError } from '../../contracts/errors';
import { ENTRIES_CSV, readEntriesCsv } from './entriesCsv';
import { FRAMES_FOLDER } from './unzip';
import { entryBytes } from '../zip/entryData';
import { openFileReader, type RangeReader } from '../zip/reader';
import type { Entry } from '../zip/table';

/** Gives frames by their file name, from wherever they are. Safe to use for many reads at once. */
export interface FrameReader {
  has(fileName: string): boolean;
  /**
   * A frame's bytes, checked by CRC-32.
   *
   * @throws SerengetiError FRAME_MISSING, ENTRY_CORRUPT
   */
  read(fileName: string, signal?: AbortSignal): Promise<Buffer>;
  close(): Promise<void>;
}

export interface FrameSource {
  /** Folder with `entries.csv`, and with `frames/` unless `archives` are given: a frames artifact. */
  readonly directory: string;
  /**
   * Archives that hold the frames, by path on this host or as readers (which stay the caller's to close). Absent: the
   * frames were extracted.
   */
  readonly archives?: readonly (string | RangeReader)[];
}

/** Opens a season's frames for reading. */
export async function openFrames({ directory, archives }: FrameSource): Promise<FrameReader> {
  const entries = await indexEntries(join(directory, ENTRIES_CSV));
  return archives === undefined ? new ExtractedFrames(directory, entries) : openArchivedFrames(archives, entries);
}

async function indexEntries(path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of readEntriesCsv(path)) entries.set(entry.name, entry);
  return entries;
}

class ExtractedFrames implements FrameReader {
  readonly #directory: string;
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(directory: string, entries: ReadonlyMap<string, Entry>) {
    this.#directory = directory;
    this.#entries = entries;
  }

  has(fileName: string): boolean {
    return this.#entries.has(fileName);
  }

  async read(fileName: string, signal?: AbortSignal): Promise<Buffer> {
    // Only names of the list are looked up, so none leads out of the folder.
    const entry = entryOf(this.#entries, fileName);
    const path = join(this.#directory, FRAMES_FOLDER, fileName);
    const bytes = await readFile(path, { signal }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? missing(fileName, `${path} is not there`, error) : error;
    });
    if (crc32(bytes) !== entry.crc32) throw corrupt(fileName, path, bytes.length, entry);
    return bytes;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class ArchivedFrames implements FrameReader {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #readers: ReadonlyMap<string, RangeReader>;
  readonly #own: readonly RangeReader[];

  constructor(entries: ReadonlyMap<string, Entry>, readers: readonly RangeReader[], own: readonly RangeReader[]) {
    this.#entries = entries;
    this.#readers = new Map(readers.map((reader) => [reader.name, reader]));
    this.#own = own;
  }

  has(fileName: string): boolean {
    return this.#entries.has(fileName);
  }

  async read(fileName: string, signal?: AbortSignal): Promise<Buffer> {
    const entry = entryOf(this.#entries, fileName);
    const reader = this.#readers.get(entry.archive);
    if (reader === undefined) throw missing(fileName, `its archive ${entry.archive} is not there`);
    return entryBytes(reader, entry, { signal });
  }

  async close(): Promise<void> {
    await Promise.all(this.#own.map((reader) => reader.close()));
  }
}

async function openArchivedFrames(
  archives: readonly (string | RangeReader)[],
  entries: ReadonlyMap<string, Entry>,
): Promise<FrameReader> {
  const readers: RangeReader[] = [];
  const own: RangeReader[] = [];
  try {
    for (const archive of archives) {
      const reader = typeof archive === 'string' ? await openFileReader(archive) : archive;
      readers.push(reader);
      if (typeof archive === 'string') own.push(reader);
    }
  } catch (error) {
    await Promise.all(own.map((reader) => reader.close()));
    throw error;
  }
  return new ArchivedFrames(entries, readers, own);
}

function entryOf(entries: ReadonlyMap<string, Entry>, fileName: string): Entry {
  const entry = entries.get(fileName);
  if (entry === undefined) throw missing(fileName, "the season's archives have no such entry");
  return entry;
}

function missing(fileName: string, reason: string, cause?: unknown): SerengetiError {
  return new SerengetiError('FRAME_MISSING', `No frame "${fileName}": ${reason}`, { cause, details: { fileName } });
}

function corrupt(fileName: string, path: string, bytes: number, entry: Entry): SerengetiError {
  return new SerengetiError(
    'ENTRY_CORRUPT',
    `${path} (${bytes} bytes) is not the frame "${fileName}" (${entry.bytes} bytes): its CRC-32 differs`,
    { details: { fileName, path, bytes, expected: entry.bytes } },
  );
}
