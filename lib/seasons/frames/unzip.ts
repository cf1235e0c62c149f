import { join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { Checkpoint } from './checkpoint';
import { ENTRIES_CSV, REJECTED_CSV, writeEntriesCsv, writeRejectedCsv } from './entriesCsv';
import { FrameFolder } from './frameFolder';
import { forEachParallel } from '../../parallel';
import { EntryProblem, entryBytes } from '../zip/entryData';
import { openArchives, type RangeReader } from '../zip/reader';
import { runsOf, type Run } from '../zip/runs';
import { readSeasonDirectory, type SeasonDirectory } from '../zip/season';
import type { Entry, EntryTable, RejectedEntry } from '../zip/table';

/** Folder of the extracted frames in a frames artifact. */
export const FRAMES_FOLDER = 'frames';

const RUN_BYTES = 4 << 20;
const CONCURRENCY = 4;

export interface Extraction {
  readonly entries: number;
  /** Of all frames, unpacked. */
  readonly frameBytes: number;
  readonly rejected: number;
}

export interface ArchivesInput {
  /** By path on this host, or as readers, which stay the caller's to close. */
  readonly archives: readonly (string | RangeReader)[];
  /** Where the files go. */
  readonly directory: string;
}

export interface ExtractOptions extends WorkOptions {
  /** Stretches of an archive in work at a time, of some 4 MiB each. @default 4 */
  readonly concurrency?: number;
}

/**
 * Extracts a season's archives to `directory/frames/<name>`, every entry checked by its CRC-32, and then writes
 * `entries.csv` and `rejected.csv`. Entries that cannot be had are listed there and cost nobody else.
 *
 * Called again after it was stopped or killed, it keeps the frames that are there.
 *
 * @throws SerengetiError of an archive that is unusable as a whole; DISK_FULL
 */
export async function extractArchives(
  { archives, directory }: ArchivesInput,
  options: ExtractOptions = {},
): Promise<Extraction> {
  const opened = await openArchives(archives);
  try {
    const season = await readSeasonDirectory(opened.readers, { signal: options.signal });
    const corrupt = await extractSeason(season, directory, options);
    return await writeLists(season, corrupt, directory, options);
  } finally {
    await opened.close();
  }
}

/**
 * Lists a season's archives without extracting: `entries.csv` and `rejected.csv` only. Frames are then read straight
 * from the archives, wherever the readers find them, and checked at that time.
 */
export async function listArchives(
  { archives, directory }: ArchivesInput,
  options: WorkOptions = {},
): Promise<Extraction> {
  const opened = await openArchives(archives);
  try {
    const season = await readSeasonDirectory(opened.readers, options);
    return await writeLists(season, [], directory, options);
  } finally {
    await opened.close();
  }
}

/** @returns entries that turned out to be damaged */
async function extractSeason(
  season: SeasonDirectory,
  directory: string,
  { signal, onProgress, concurrency = CONCURRENCY }: ExtractOptions,
): Promise<RejectedEntry[]> {
  const frames = new FrameFolder(join(directory, FRAMES_FOLDER));
  const checkpoint = await Checkpoint.open(directory, frames.path, `${RUN_BYTES}`);
  const total = season.archives.reduce((sum, { directory: { entries } }) => sum + entries.length, 0);
  const corrupt: RejectedEntry[] = [];
  const buffers: Buffer[] = [];
  let done = 0;
  let reused = 0;
  await forEachParallel(runsOfSeason(season), concurrency, signal, async (run, stop) => {
    const todo = await missingEntries(run, frames, checkpoint);
    reused += run.entries.length - todo.length;
    if (todo.length > 0) {
      const buffer = buffers.pop() ?? Buffer.allocUnsafeSlow(RUN_BYTES);
      corrupt.push(...(await extractRun(run, todo, frames, buffer, stop)));
      buffers.push(buffer);
    }
    done += run.entries.length;
    onProgress?.({ done, total, unit: 'entries', reused, note: run.reader.name });
    await checkpoint.finished(run.number);
  });
  await checkpoint.complete();
  return corrupt;
}

interface SeasonRun extends Run {
  /** From 0, over all archives of the season. */
  readonly number: number;
  readonly reader: RangeReader;
}

function* runsOfSeason(season: SeasonDirectory): Generator<SeasonRun> {
  let number = 0;
  for (const { reader, directory } of season.archives) {
    for (const run of runsOfTable(directory.entries, reader)) yield { ...run, number: number++, reader };
  }
}

/** By place in the archive, so that the disk reads on and on. */
function runsOfTable(table: EntryTable, reader: RangeReader): Iterable<Run> {
  const order = Uint32Array.from({ length: table.length }, (_, i) => i);
  order.sort((a, b) => table.offsets[a]! - table.offsets[b]!);
  const inOrder = function* (): Generator<Entry> {
    for (const i of order) yield table.at(i);
  };
  return runsOf(inOrder(), () => reader.bytes, { bytes: RUN_BYTES, waste: 0 });
}

async function missingEntries(run: SeasonRun, frames: FrameFolder, checkpoint: Checkpoint): Promise<readonly Entry[]> {
  if (!checkpoint.resumed) return run.entries;
  const trusted = checkpoint.covers(run.number);
  const missing: Entry[] = [];
  for (const entry of run.entries) if (!(await frames.has(entry, trusted))) missing.push(entry);
  return missing;
}

async function extractRun(
  run: SeasonRun,
  todo: readonly Entry[],
  frames: FrameFolder,
  buffer: Buffer,
  signal: AbortSignal,
): Promise<RejectedEntry[]> {
  const corrupt: RejectedEntry[] = [];
  const length = run.end - run.start;
  const into = length <= buffer.length ? buffer : undefined;
  const at = { start: run.start, bytes: await run.reader.read(run.start, length, signal, into) };
  for (const entry of todo) {
    try {
      await frames.write(entry.name, await entryBytes(run.reader, entry, { at, signal }));
    } catch (error) {
      if (!(error instanceof EntryProblem)) throw error;
      corrupt.push(error.rejected);
    }
  }
  return corrupt;
}

async function writeLists(
  season: SeasonDirectory,
  corrupt: readonly RejectedEntry[],
  directory: string,
  { signal, onWarning }: WorkOptions,
): Promise<Extraction> {
  const rejected = [...season.rejected, ...corrupt].sort(byPlace);
  const good = new GoodEntries(season, corrupt);
  if (good.count === 0 && rejected.length > 0) throw nothingUsable(rejected);
  if (rejected.length > 0) {
    onWarning?.({
      message: `${rejected.length} entries are left out, the first: ${describe(rejected[0]!)}; see ${REJECTED_CSV}`,
      details: { rejected: rejected.length },
    });
  }
  await writeRejectedCsv(join(directory, REJECTED_CSV), rejected, signal);
  await writeEntriesCsv(join(directory, ENTRIES_CSV), good, signal);
  return { entries: good.count, frameBytes: good.bytes, rejected: rejected.length };
}

/** The entries that were not found damaged, in the archives' order. */
class GoodEntries implements Iterable<Entry> {
  readonly #season: SeasonDirectory;
  readonly #corrupt: ReadonlySet<string>;
  count = 0;
  bytes = 0;

  constructor(season: SeasonDirectory, corrupt: readonly RejectedEntry[]) {
    this.#season = season;
    this.#corrupt = new Set(corrupt.map((entry) => entry.name));
    for (const entry of this) {
      this.count++;
      this.bytes += entry.bytes;
    }
  }

  *[Symbol.iterator](): Generator<Entry> {
    for (const { directory } of this.#season.archives) {
      for (const entry of directory.entries) if (!this.#corrupt.has(entry.name)) yield entry;
    }
  }
}

function byPlace(a: RejectedEntry, b: RejectedEntry): number {
  return a.archive < b.archive ? -1 : a.archive > b.archive ? 1 : a.byte - b.byte;
}

function nothingUsable(rejected: readonly RejectedEntry[]): SerengetiError {
  const first = rejected[0]!;
  const others = rejected.length === 1 ? '' : `, and ${rejected.length - 1} more`;
  return new SerengetiError(first.code, `No entry can be used: ${describe(first)}${others}`, { details: { ...first } });
}

function describe({ archive, byte, name, reason }: RejectedEntry): string {
  return `${archive}, byte ${byte}: entry "${name}" ${reason}`;
}
