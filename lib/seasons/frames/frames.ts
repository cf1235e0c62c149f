import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { SerengetiError } from '../../contracts/errors';
import { ENTRIES_CSV, REJECTED_CSV, readEntriesCsv, readRejectedCsv } from './entriesCsv';
import { FRAMES_FOLDER } from './unzip';
import { entryBytes } from '../../zip/entryData';
import { openArchives, type OpenArchives, type RangeReader } from '../../zip/reader';
import type { Entry } from '../../zip/table';

/** Gives frames by their file name, from wherever they are. Safe to use for many reads at once. */
export interface FrameReader {
  has(fileName: string): boolean;
  /**
   * A frame's bytes, checked by CRC-32 where anything states it.
   *
   * @throws SerengetiError FRAME_MISSING; ENTRY_CORRUPT also for frames that were found damaged before
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
  const listing = await Listing.read(directory);
  return archives === undefined
    ? new ExtractedFrames(directory, listing)
    : new ArchivedFrames(listing, await openArchives(archives));
}

/** What a frames artifact lists. */
class Listing {
  private constructor(
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly rejected: ReadonlyMap<string, string>,
  ) {}

  static async read(directory: string): Promise<Listing> {
    const entries = new Map<string, Entry>();
    for await (const entry of readEntriesCsv(join(directory, ENTRIES_CSV))) entries.set(entry.name, entry);
    return new Listing(entries, await readRejectedCsv(join(directory, REJECTED_CSV)));
  }

  has(fileName: string): boolean {
    return this.entries.has(fileName);
  }

  /** @throws SerengetiError FRAME_MISSING, ENTRY_CORRUPT */
  entryOf(fileName: string): Entry {
    const entry = this.entries.get(fileName);
    if (entry !== undefined) return entry;
    const reason = this.rejected.get(fileName);
    if (reason === undefined) throw missing(fileName, "the season's archives have no such entry");
    throw new SerengetiError('ENTRY_CORRUPT', `The frame "${fileName}" ${reason}`, { details: { fileName } });
  }
}

class ExtractedFrames implements FrameReader {
  readonly #directory: string;
  readonly #listing: Listing;

  constructor(directory: string, listing: Listing) {
    this.#directory = directory;
    this.#listing = listing;
  }

  has(fileName: string): boolean {
    return this.#listing.has(fileName);
  }

  async read(fileName: string, signal?: AbortSignal): Promise<Buffer> {
    // Only names of the list are looked up, so none leads out of the folder.
    const entry = this.#listing.entryOf(fileName);
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
  readonly #listing: Listing;
  readonly #readers: ReadonlyMap<string, RangeReader>;
  readonly #archives: OpenArchives;

  constructor(listing: Listing, archives: OpenArchives) {
    this.#listing = listing;
    this.#readers = new Map(archives.readers.map((reader) => [reader.name, reader]));
    this.#archives = archives;
  }

  has(fileName: string): boolean {
    return this.#listing.has(fileName);
  }

  async read(fileName: string, signal?: AbortSignal): Promise<Buffer> {
    const entry = this.#listing.entryOf(fileName);
    const reader = this.#readers.get(entry.archive);
    if (reader === undefined) throw missing(fileName, `its archive ${entry.archive} is not there`);
    return entryBytes(reader, entry, { signal });
  }

  close(): Promise<void> {
    return this.#archives.close();
  }
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
