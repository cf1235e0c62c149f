import { likelyEnd } from './entryData';
import type { Entry } from './table';

/** Entries that lie close together in one archive, to be read at once. */
export interface Run {
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
  readonly entries: readonly Entry[];
}

export interface RunOptions {
  /** Entries are added while the run stays below this; a single larger one is a run by itself. */
  readonly bytes: number;
  /** Bytes between two entries that are read along, as a share of the run so far, 0 to 1. */
  readonly waste: number;
}

/**
 * Joins neighbours.
 *
 * @param entries - of one archive, by offset
 * @param limitOf - a byte that an entry cannot reach: the next entry of the archive, wanted or not, or its end
 */
export function* runsOf(
  entries: Iterable<Entry>,
  limitOf: (entry: Entry) => number,
  options: RunOptions,
): Generator<Run> {
  let run: { start: number; end: number; entries: Entry[] } | undefined;
  for (const entry of entries) {
    const end = Math.min(likelyEnd(entry), limitOf(entry));
    if (run !== undefined && belongsTo(run, entry.offset, end, options)) {
      run.end = Math.max(run.end, end);
      run.entries.push(entry);
      continue;
    }
    if (run !== undefined) yield run;
    run = { start: entry.offset, end, entries: [entry] };
  }
  if (run !== undefined) yield run;
}

function belongsTo(run: Run, offset: number, end: number, { bytes, waste }: RunOptions): boolean {
  return end - run.start <= bytes && offset - run.end <= waste * (run.end - run.start);
}
