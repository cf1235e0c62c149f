import type { Catalog } from '../contracts/catalog';
import { SerengetiError } from '../contracts/errors';
import type { WorkOptions } from '../contracts/progress';
import type { FramesRef } from '../contracts/steps';
import type { ReadPhotograph } from '../model';
import type { FrameReader } from '../seasons';
import type { ArtifactStore } from '../store';
import { openFetched, openFrames } from './frames';

/** Step that leaves fetched frames as they were published; those of others are small copies. */
const FETCH_STEP = 'fetchFrames';

/**
 * Reads frames of several seasons as they were published, for as long as `use` takes. Those at the mirrors come from
 * what was fetched for features where that was kept, else from the mirrors again.
 */
export async function withOriginalFrames<T>(
  { store, catalog, frames }: { store: ArtifactStore; catalog: Catalog; frames: readonly FramesRef[] },
  work: WorkOptions,
  use: (readFrame: ReadPhotograph) => Promise<T>,
): Promise<T> {
  const seasons = new Map<string, FrameReader[]>();
  try {
    for (const ref of frames) {
      const readers = await openFetched(store, ref, FETCH_STEP);
      seasons.set(ref.summary.season, readers);
      readers.push(await openFrames(store, catalog, ref, work));
    }
    return await use(async (season, fileName) => {
      const reader = seasons.get(season)?.find((candidate) => candidate.has(fileName));
      if (reader === undefined) throw new SerengetiError('FRAME_MISSING', `${season} has no frame ${fileName}`);
      return await reader.read(fileName, work.signal);
    });
  } finally {
    for (const readers of seasons.values()) for (const reader of readers) await reader.close();
  }
}
