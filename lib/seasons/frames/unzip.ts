import { join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { ENTRIES_CSV, REJECTED_CSV, writeEntriesCsv, writeRejectedCsv, type Extraction } from './entriesCsv';
import { extractSeason, type ExtractOptions } from './extraction';
import { openArchives, type RangeReader } from '../../zip/reader';
import { readSeasonDirectory, type SeasonDirectory } from '../../zip/season';
import type { Entry, RejectedEntry } from '../../zip/table';

/** Folder of the extracted frames in a frames artifact. */
export const FRAMES_FOLDER = 'frames';

/** @typeParam Archive - a path on this host, or a reader, which stays the caller's to close */
export interface ArchivesInput<Archive = string> {
  readonly archives: readonly Archive[];
  /** Where the files go. */
  readonly directory: string;
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
    const path = join(directory, FRAMES_FOLDER);
    const corrupt = await extractSeason(season, { archives, directory, path }, options);
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
  { archives, directory }: ArchivesInput<string | RangeReader>,
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
