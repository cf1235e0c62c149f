import { posix } from 'node:path';
import type { Mirror } from '../../contracts/catalog';
import { SerengetiError, isSerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { REJECTED_CSV } from './entriesCsv';
import { FramePack, type PackedFrames } from './framePack';
import { LooseFrames } from './looseFrames';
import { forEachParallel } from '../../io/parallel';
import type { SourceOptions } from '../mirrors/mirrorSource';
import { openRemoteReader, type RemoteReader } from '../mirrors/remoteReader';
import type { SourceFile } from '../mirrors/source';
import { wantedEntries, type WantedArchive } from './wantedEntries';
import { entryBytes } from '../../zip/entryData';
import { EntryProblem } from '../../zip/entryProblem';
import { runsOf, type Run } from '../../zip/runs';
import type { Entry, RejectedEntry } from '../../zip/table';

export interface FramesRequest {
  readonly mirrors: readonly Mirror[];
  /** The season's archives as they were probed. */
  readonly archives: readonly SourceFile[];
  /** Path of the season's `entries.csv`. */
  readonly entries: string;
  /** File names. */
  readonly wanted: Iterable<string>;
  /** Gets the frames in one zip, `entries.csv` and `rejected.csv`. */
  readonly directory: string;
  /** Folder of the loose frames at the mirrors: for archives that cannot be read in parts. */
  readonly looseFrames?: string | undefined;
}

export interface FetchFramesOptions extends WorkOptions, Omit<SourceOptions, 'onWait'> {
  /** Requests at a time. @default 16 */
  readonly connections?: number;
}

export interface FramesFetch extends PackedFrames {
  /** Frames that were there already. */
  readonly reused: number;
  /** Bytes of all answers' bodies, by this call. */
  readonly wireBytes: number;
}

const CONNECTIONS = 16;
/** Neighbours are fetched together up to this size; larger requests would leave connections idle at the end. */
const RUN_BYTES = 4 << 20;
/** Bytes between two wanted frames that are fetched along rather than asking twice, as a share of the request. */
const WASTE = 0.01;

/**
 * Fetches single frames out of archives at their mirrors, by byte range and checked by CRC-32. Frames of archives that
 * give no ranges are fetched one by one where they lie loose. Called again, it keeps the frames that are there.
 *
 * @throws SerengetiError FRAME_MISSING when a wanted frame is not in `entries.csv`; SOURCE_* when no mirror is left
 */
export async function fetchFrames(request: FramesRequest, options: FetchFramesOptions = {}): Promise<FramesFetch> {
  const fetch = new Fetch(request, options);
  try {
    return await fetch.run();
  } finally {
    await fetch.close();
  }
}

class Fetch {
  readonly #request: FramesRequest;
  readonly #options: FetchFramesOptions;
  readonly #frames: FramePack;
  readonly #loose: LooseFrames | undefined;
  readonly #readers = new Map<string, RemoteReader>();
  readonly #rejected: RejectedEntry[] = [];
  #total = 0;
  #done = 0;
  #reused = 0;
  #reusedBytes = 0;

  constructor(request: FramesRequest, options: FetchFramesOptions) {
    this.#request = request;
    this.#options = options;
    this.#frames = new FramePack(request.directory);
    const atMirrors = { ...options, connections: this.#connections };
    if (request.looseFrames !== undefined) {
      this.#loose = new LooseFrames(request.mirrors, request.looseFrames, atMirrors);
    }
    for (const archive of request.archives) {
      if (!archive.at.some((copy) => copy.ranges)) continue;
      const reader = openRemoteReader(request.mirrors, archive, atMirrors);
      this.#readers.set(posix.basename(archive.path), reader);
    }
  }

  async run(): Promise<FramesFetch> {
    const { signal } = this.#options;
    const archives = await wantedEntries(this.#request.entries, this.#request.wanted, signal);
    this.#total = archives.reduce((sum, { wanted }) => sum + sizeOf(wanted), 0);
    for (const archive of archives) await this.#fetchArchive(archive);
    return await this.#pack(archives);
  }

  async close(): Promise<void> {
    await Promise.all(this.#sources().map((source) => source.close()));
  }

  #sources(): (RemoteReader | LooseFrames)[] {
    return [...this.#readers.values(), ...(this.#loose === undefined ? [] : [this.#loose])];
  }

  get #connections(): number {
    return this.#options.connections ?? CONNECTIONS;
  }

  async #fetchArchive(archive: WantedArchive): Promise<void> {
    const missing = await this.#missing(archive.wanted);
    const reader = this.#readers.get(archive.name);
    if (reader === undefined) return this.#fetchLoose(archive.name, missing);
    const endOf = (entry: Entry): number => Math.min(archive.endOf(entry), reader.bytes);
    try {
      const runs = runsOf(missing, endOf, { bytes: RUN_BYTES, waste: WASTE });
      await forEachParallel(runs, this.#connections, this.#options.signal, (run, signal) =>
        this.#fetchRun(reader, run, signal),
      );
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      // Announced parts and sent the whole: no frame has come this way.
      if (!reader.rangesIgnored || this.#loose === undefined) throw error;
      await this.#fetchLoose(archive.name, missing);
    }
  }

  async #missing(entries: readonly Entry[]): Promise<Entry[]> {
    const missing = new Set(entries);
    await forEachParallel(entries, this.#connections, this.#options.signal, async (entry) => {
      if (!(await this.#frames.has(entry, false))) return;
      missing.delete(entry);
      this.#reused++;
      this.#reusedBytes += entry.compressedBytes;
      this.#finished([entry], entry.archive);
    });
    return [...missing];
  }

  async #fetchRun(reader: RemoteReader, run: Run, signal: AbortSignal): Promise<void> {
    const at = { start: run.start, bytes: await reader.read(run.start, run.end - run.start, signal) };
    for (const entry of run.entries) {
      try {
        await this.#frames.write(entry.name, await entryBytes(reader, entry, { at, signal }));
      } catch (error) {
        if (!(error instanceof EntryProblem)) throw error;
        await this.#secondChance(reader, entry, signal);
      }
    }
    this.#finished(run.entries, reader.name);
  }

  /** Bytes go wrong on the way too: the frame is fetched once more by itself, then from where it lies loose. */
  async #secondChance(reader: RemoteReader, entry: Entry, signal: AbortSignal): Promise<void> {
    try {
      await this.#frames.write(entry.name, await entryBytes(reader, entry, { signal }));
    } catch (error) {
      if (!(error instanceof EntryProblem)) throw error;
      const bytes = await this.#looseOrNothing(entry, signal);
      if (bytes === undefined) this.#rejected.push(error.rejected);
      else await this.#frames.write(entry.name, bytes);
    }
  }

  async #looseOrNothing(entry: Entry, signal: AbortSignal): Promise<Buffer | undefined> {
    try {
      return await this.#loose?.read(entry, signal);
    } catch (error) {
      if (isSerengetiError(error) && error.code.startsWith('SOURCE_')) return undefined;
      throw error;
    }
  }

  async #fetchLoose(archive: string, entries: readonly Entry[]): Promise<void> {
    const loose = this.#loose;
    if (entries.length === 0) return;
    if (loose === undefined) throw archiveUnreadable(archive);
    await forEachParallel(entries, this.#connections, this.#options.signal, async (entry, signal) => {
      await this.#frames.write(entry.name, await loose.read(entry, signal));
      this.#finished([entry], 'loose frames');
    });
  }

  #finished(entries: readonly Entry[], note: string): void {
    this.#done += sizeOf(entries);
    const { onProgress } = this.#options;
    onProgress?.({ done: this.#done, total: this.#total, unit: 'bytes', reused: this.#reusedBytes, note });
  }

  async #pack(archives: readonly WantedArchive[]): Promise<FramesFetch> {
    const { signal, onWarning } = this.#options;
    const rejected = new Set(this.#rejected.map(({ name }) => name));
    const good = archives.flatMap(({ wanted }) => wanted).filter(({ name }) => !rejected.has(name));
    if (rejected.size > 0) {
      onWarning?.({ message: `${rejected.size} frames are damaged in their archives; see ${REJECTED_CSV}` });
    }
    return {
      ...(await this.#frames.pack(good, this.#rejected, signal)),
      reused: this.#reused,
      wireBytes: this.#sources().reduce((sum, { receivedBytes }) => sum + receivedBytes, 0),
    };
  }
}

function sizeOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0);
}

function archiveUnreadable(archive: string): SerengetiError {
  return new SerengetiError(
    'SOURCE_CORRUPT',
    `No mirror gives parts of ${archive}, and the catalog names no folder of loose frames for its season`,
    { details: { archive } },
  );
}
