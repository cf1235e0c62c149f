import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { WorkOptions } from '../../contracts/progress';
import { fromCloneable } from '../../io/cloneableError';
import { builtModule } from '../../io/home';
import { forEachParallel } from '../../io/parallel';
import { runsOf, type Run } from '../../zip/runs';
import type { SeasonDirectory } from '../../zip/season';
import type { Entry, EntryTable, RejectedEntry } from '../../zip/table';
import { Checkpoint } from './checkpoint';
import type { ExtractionResult, ExtractionTask, ThreadSettings } from './extractionThread';
import { FrameFolder } from './frameFolder';

export interface ExtractOptions extends WorkOptions {
  /** Threads that unpack. @default one a core, at most 4 */
  readonly threads?: number;
}

const RUN_BYTES = 4 << 20;
/** More than this keep no disk busier. */
const MOST_THREADS = 4;

/**
 * Extracts the entries of a season's archives, stretch by stretch, on threads of their own.
 *
 * @param archives - paths on this host, in the season's order
 * @param directory - gets the frames and, while they are incomplete, the checkpoint
 * @param path - folder of the frames
 * @returns entries that turned out to be damaged
 */
export async function extractSeason(
  season: SeasonDirectory,
  { archives, directory, path }: { archives: readonly string[]; directory: string; path: string },
  { signal, onProgress, threads = Math.min(availableParallelism(), MOST_THREADS) }: ExtractOptions,
): Promise<RejectedEntry[]> {
  const frames = new FrameFolder(path);
  const checkpoint = await Checkpoint.open(directory, path, `${RUN_BYTES}`);
  const total = season.archives.reduce((sum, { directory: { entries } }) => sum + entries.length, 0);
  const corrupt: RejectedEntry[] = [];
  let done = 0;
  let reused = 0;
  const pool = new ExtractionThreads(threads, { folder: path, runBytes: RUN_BYTES });
  try {
    await forEachParallel(runsOfSeason(season, archives), threads, signal, async (run) => {
      const entries = await missingEntries(run, frames, checkpoint);
      reused += run.entries.length - entries.length;
      // Not stopped half-way: it is a moment's work, and a thread that ends there leaves half a file.
      if (entries.length > 0) corrupt.push(...(await pool.extract({ ...run, entries })));
      done += run.entries.length;
      onProgress?.({ done, total, unit: 'entries', reused, note: run.entries[0]!.archive });
      await checkpoint.finished(run.number);
    });
  } finally {
    await pool.close();
  }
  await checkpoint.complete();
  return corrupt;
}

class ExtractionThreads {
  readonly #pool: Piscina<ExtractionTask, ExtractionResult>;

  constructor(threads: number, settings: ThreadSettings) {
    this.#pool = new Piscina({
      filename: builtModule('lib/seasons/frames/extractionThread.js'),
      workerData: settings,
      minThreads: 1,
      maxThreads: threads,
      idleTimeout: Infinity,
    });
  }

  async extract(task: ExtractionTask): Promise<readonly RejectedEntry[]> {
    const result = await this.#pool.run(task);
    if ('error' in result) throw fromCloneable(result.error);
    return result.corrupt;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

interface SeasonRun extends ExtractionTask {
  /** From 0, over all archives of the season. */
  readonly number: number;
}

function* runsOfSeason(season: SeasonDirectory, archives: readonly string[]): Generator<SeasonRun> {
  let number = 0;
  for (const [i, { reader, directory }] of season.archives.entries()) {
    for (const run of runsOfTable(directory.entries, reader.bytes)) {
      yield { ...run, number: number++, archive: archives[i]! };
    }
  }
}

/** By place in the archive, so that the disk reads on and on. */
function runsOfTable(table: EntryTable, archiveBytes: number): Iterable<Run> {
  const order = Uint32Array.from({ length: table.length }, (_, i) => i);
  order.sort((a, b) => table.offsets[a]! - table.offsets[b]!);
  const inOrder = function* (): Generator<Entry> {
    for (const i of order) yield table.at(i);
  };
  return runsOf(inOrder(), () => archiveBytes, { bytes: RUN_BYTES, waste: 0 });
}

async function missingEntries(run: SeasonRun, frames: FrameFolder, checkpoint: Checkpoint): Promise<readonly Entry[]> {
  if (!checkpoint.resumed) return run.entries;
  const trusted = checkpoint.covers(run.number);
  const missing: Entry[] = [];
  for (const entry of run.entries) if (!(await frames.has(entry, trusted))) missing.push(entry);
  return missing;
}
