import { SerengetiError } from '../../contracts/errors';
import { readEntriesCsv } from './entriesCsv';
import type { Entry } from '../../zip/table';

/** The wanted entries of one archive. */
export interface WantedArchive {
  /** Base name. */
  readonly name: string;
  /** By place in the archive. */
  readonly wanted: readonly Entry[];
  /** A byte that the entry cannot reach: where the next one begins, wanted or not. */
  readonly endOf: (entry: Entry) => number;
}

/** How many missing frames a message names. */
const EXAMPLES = 3;

/**
 * Finds wanted frames in a season's `entries.csv`.
 *
 * @throws SerengetiError FRAME_MISSING when some are not there
 */
export async function wantedEntries(
  path: string,
  wanted: Iterable<string>,
  signal?: AbortSignal,
): Promise<WantedArchive[]> {
  const missing = new Set(wanted);
  const archives = new Map<string, { offsets: number[]; wanted: Entry[] }>();
  for await (const entry of readEntriesCsv(path, signal)) {
    let archive = archives.get(entry.archive);
    if (archive === undefined) archives.set(entry.archive, (archive = { offsets: [], wanted: [] }));
    archive.offsets.push(entry.offset);
    if (missing.delete(entry.name)) archive.wanted.push(entry);
  }
  if (missing.size > 0) throw missingFrames(path, missing);
  return [...archives].map(([name, archive]) => ({
    name,
    wanted: archive.wanted.sort((a, b) => a.offset - b.offset),
    endOf: nextOffset(Float64Array.from(archive.offsets).sort()),
  }));
}

function nextOffset(sorted: Float64Array): (entry: Entry) => number {
  return ({ offset }) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return sorted[low] ?? Infinity;
  };
}

function missingFrames(path: string, missing: ReadonlySet<string>): SerengetiError {
  const examples = [...missing].slice(0, EXAMPLES);
  const others = missing.size > examples.length ? `, and ${missing.size - examples.length} more` : '';
  return new SerengetiError(
    'FRAME_MISSING',
    `${path} does not list ${examples.map((name) => `"${name}"`).join(', ')}${others}`,
    { details: { path, examples, missing: missing.size } },
  );
}
