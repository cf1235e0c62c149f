import { workerData } from 'node:worker_threads';
import { toCloneable, type CloneableError } from '../../io/cloneableError';
import type { RejectedEntry } from '../../zip/table';
import { packedBytes } from '../../zip/entryData';
import { EntryProblem } from '../../zip/entryProblem';
import { openFileReader, readHere, type RangeReader } from '../../zip/reader';
import type { Run } from '../../zip/runs';
import { unpackHere } from '../../zip/unpack';
import { FrameFolder } from './frameFolder';

/** What all tasks of a thread have in common. */
export interface ThreadSettings {
  /** Where the frames go. */
  readonly folder: string;
  /** Longer runs get memory of their own. */
  readonly runBytes: number;
}

/** A stretch of an archive, with the entries of it that are to be extracted. */
export interface ExtractionTask extends Run {
  /** Path on this host. */
  readonly archive: string;
}

/** What became of a run: entries that turned out to be damaged, or what stopped it. */
export type ExtractionResult = { readonly corrupt: readonly RejectedEntry[] } | { readonly error: CloneableError };

const { folder, runBytes } = workerData as ThreadSettings;
const frames = new FrameFolder(folder);
const buffer = Buffer.allocUnsafeSlow(runBytes);
const readers = new Map<string, RangeReader>();

/**
 * Extracts a run, on this thread from the reading to the renaming: it works on one at a time, and handing each piece to
 * yet another thread costs more than the work.
 */
export default async function extract(task: ExtractionTask): Promise<ExtractionResult> {
  try {
    return { corrupt: await extractRun(task, await readerOf(task.archive)) };
  } catch (error) {
    return { error: toCloneable(error) };
  }
}

async function extractRun({ start, end, entries }: Run, reader: RangeReader): Promise<RejectedEntry[]> {
  const length = end - start;
  const at = { start, bytes: await reader.read(start, length, undefined, length <= runBytes ? buffer : undefined) };
  const corrupt: RejectedEntry[] = [];
  for (const entry of entries) {
    try {
      frames.writeHere(entry.name, unpackHere(entry, await packedBytes(reader, entry, { at })));
    } catch (error) {
      if (!(error instanceof EntryProblem)) throw error;
      corrupt.push(error.rejected);
    }
  }
  return corrupt;
}

async function readerOf(archive: string): Promise<RangeReader> {
  let reader = readers.get(archive);
  if (reader === undefined) readers.set(archive, (reader = await openFileReader(archive, readHere)));
  return reader;
}
