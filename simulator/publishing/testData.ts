import { basename, join } from 'node:path';
import { pathExists, writeFileAtomic } from '../../lib/io/files';
import type { FrameSource } from '../drawing/frames';
import { inOrder } from '../inOrder';
import { sequencesOf, type Sequence } from '../plan/sequences';
import { metadataCsv, submissionFormatCsv, type PlannedSeason } from './competitionCsv';
import { archivedFrames } from './seasonArchive';
import { writeTable } from './tables';

export const TEST_FILES = ['test_metadata.csv', 'submission_format.csv'] as const;
/** The test set as the execution container mounts it: frames and tables in one flat folder. */
export const TEST_FOLDER = 'data';

const AHEAD = 4;

/** Draws the test frames, flat, and writes their tables beside them and once more at the root. */
export async function writeTestData(
  directory: string,
  season: PlannedSeason,
  draw: FrameSource,
  signal: AbortSignal | undefined,
  onFrames: (count: number, reused: boolean) => void,
): Promise<void> {
  const folder = join(directory, TEST_FOLDER);
  const missing: Sequence[] = [];
  for (const sequence of sequencesOf(season.plans)) {
    const last = archivedFrames(sequence).at(-1);
    if (last === undefined) continue;
    if (await pathExists(join(folder, basename(last.fileName)))) onFrames(sequence.frames.length, true);
    else missing.push(sequence);
  }
  for await (const [sequence, frames] of inOrder(missing, AHEAD, draw)) {
    signal?.throwIfAborted();
    for (const { fileName, rank } of sequence.frames) {
      await writeFileAtomic(join(folder, basename(fileName)), frames[rank - 1]!);
    }
    onFrames(sequence.frames.length, false);
  }
  for (const place of [folder, directory]) {
    const flat = metadataCsv([season], ({ fileName }) => basename(fileName));
    await writeTable(join(place, TEST_FILES[0]), flat, signal);
    await writeTable(join(place, TEST_FILES[1]), submissionFormatCsv([season]), signal);
  }
}
