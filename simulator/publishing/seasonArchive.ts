import { join } from 'node:path';
import type { FrameSource } from '../drawing/frames';
import { inOrder } from '../inOrder';
import { archivePath } from '../plan/names';
import { sequencesOf, type PlannedFrame, type Sequence } from '../plan/sequences';
import { pathExists } from '../../lib/io/files';
import type { PlannedSeason } from './competitionCsv';
import { ZipDraft } from './zipDraft';

/** Sequences drawn ahead of the archive: enough to keep every core busy, few enough to fit in little memory. */
const AHEAD = 4;

export interface SeasonTask {
  readonly directory: string;
  readonly season: PlannedSeason;
  /** Names the archive's content. */
  readonly digest: string;
  readonly draw: FrameSource;
}

/** Frames that an archive holds: those that show people are left out. */
export function archivedFrames(sequence: Sequence): readonly PlannedFrame[] {
  return sequence.frames.filter(({ state }) => state !== 'missing');
}

/**
 * Writes the archive of a season, going on where a stopped predecessor left off.
 *
 * @param onFrames - receives frames as they are added, and whether they were there before.
 */
export async function writeSeasonArchive(
  { directory, season, digest, draw }: SeasonTask,
  signal: AbortSignal | undefined,
  onFrames: (count: number, reused: boolean) => void,
): Promise<void> {
  const path = join(directory, archivePath(season.id));
  if (await pathExists(path)) {
    onFrames(count(sequencesOf(season.plans)), true);
    return;
  }
  const draft = await ZipDraft.open(path, digest);
  try {
    let there = draft.zip.entries.length;
    onFrames(there, true);
    const missing = skip(sequencesOf(season.plans), there);
    there = missing.partly;
    for await (const [sequence, frames] of inOrder(missing.sequences, AHEAD, draw)) {
      signal?.throwIfAborted();
      const added = archivedFrames(sequence).slice(there);
      // Stored, as LILA's are.
      for (const { fileName, rank } of added) await draft.zip.add(fileName, frames[rank - 1]!, sequence.time, 'stored');
      there = 0;
      onFrames(added.length, false);
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
