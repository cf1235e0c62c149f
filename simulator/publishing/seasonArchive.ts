import { join } from 'node:path';
import type { FrameSource } from '../drawing/frames';
import { inOrder } from '../inOrder';
import type { SimulationOptions } from '../options';
import { archivePaths, LOOSE_FRAMES_FOLDER } from '../plan/names';
import { sequencesOf, type PlannedFrame, type Sequence } from '../plan/sequences';
import { pathExists, writeFileAtomic } from '../../lib/io/files';
import type { PlannedSeason } from './competitionCsv';
import { ZipDraft } from './zipDraft';

/** Sequences drawn ahead of the archive: enough to keep every core busy, few enough to fit in little memory. */
const AHEAD = 4;

export interface SeasonTask {
  readonly directory: string;
  readonly season: PlannedSeason;
  readonly options: Pick<SimulationOptions, 'sequences' | 'parts' | 'method' | 'looseFrames'>;
  /** Names the archive's content. */
  readonly digest: string;
  readonly draw: FrameSource;
}

/** Frames that an archive holds: those that show people are left out. */
export function archivedFrames(sequence: Sequence): readonly PlannedFrame[] {
  return sequence.frames.filter(({ state }) => state !== 'missing');
}

/**
 * Writes the archives of a season, going on where a stopped predecessor left off.
 *
 * @param onFrames - receives frames as they are added, and whether they were there before.
 */
export async function writeSeasonArchives(
  task: SeasonTask,
  signal: AbortSignal | undefined,
  onFrames: (count: number, reused: boolean) => void,
): Promise<void> {
  const { season, options } = task;
  const paths = archivePaths(season.id, options.parts);
  for (const [part, path] of paths.entries()) {
    const from = Math.floor((options.sequences * part) / paths.length);
    const to = Math.floor((options.sequences * (part + 1)) / paths.length);
    const sequences = (): Iterable<Sequence> => between(sequencesOf(season.plans), from, to);
    await writeArchive({ ...task, path, sequences }, signal, onFrames);
  }
}

function* between(sequences: Iterable<Sequence>, from: number, to: number): Generator<Sequence> {
  let position = 0;
  for (const sequence of sequences) {
    if (position >= to) return;
    if (position >= from) yield sequence;
    position++;
  }
}

interface ArchiveTask extends SeasonTask {
  /** Relative path of the archive. */
  readonly path: string;
  readonly sequences: () => Iterable<Sequence>;
}

async function writeArchive(
  task: ArchiveTask,
  signal: AbortSignal | undefined,
  onFrames: (count: number, reused: boolean) => void,
): Promise<void> {
  const path = join(task.directory, task.path);
  if (await pathExists(path)) {
    onFrames(count(task.sequences()), true);
    return;
  }
  const draft = await ZipDraft.open(path, task.digest);
  try {
    let there = draft.zip.entries.length;
    onFrames(there, true);
    const missing = skip(task.sequences(), there);
    there = missing.partly;
    for await (const [sequence, frames] of inOrder(missing.sequences, AHEAD, task.draw)) {
      signal?.throwIfAborted();
      const added = await addFrames(task, draft, sequence, frames, there);
      there = 0;
      onFrames(added, false);
    }
  } catch (error) {
    await draft.leave();
    throw error;
  }
  await draft.commit();
}

function count(sequences: Iterable<Sequence>): number {
  let frames = 0;
  for (const sequence of sequences) frames += archivedFrames(sequence).length;
  return frames;
}

/** The sequences that are not wholly among the first `frames` archived ones; `partly` frames of the first of them are. */
function skip(sequences: Iterable<Sequence>, frames: number): { sequences: Iterable<Sequence>; partly: number } {
  const iterator = sequences[Symbol.iterator]();
  let rest = frames;
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    const first = next.value;
    const length = archivedFrames(first).length;
    if (length === 0) continue;
    if (rest < length) {
      return { sequences: withoutPeople(first, iterator), partly: rest };
    }
    rest -= length;
  }
  return { sequences: [], partly: 0 };
}

function* withoutPeople(first: Sequence, rest: Iterator<Sequence>): Generator<Sequence> {
  yield first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) {
    if (archivedFrames(next.value).length > 0) yield next.value;
  }
}

async function addFrames(
  { directory, options }: ArchiveTask,
  { zip }: ZipDraft,
  sequence: Sequence,
  frames: readonly Buffer[],
  there: number,
): Promise<number> {
  const missing = archivedFrames(sequence).slice(there);
  for (const { fileName, rank } of missing) {
    const bytes = frames[rank - 1]!;
    // A frame in the archive counts as done, so its loose file comes first.
    if (options.looseFrames) await writeFileAtomic(join(directory, LOOSE_FRAMES_FOLDER, fileName), bytes);
    await zip.add(fileName, bytes, sequence.time, options.method);
  }
  return missing.length;
}
