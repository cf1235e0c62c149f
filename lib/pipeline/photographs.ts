import type { Catalog } from '../contracts/catalog';
import { isSerengetiError } from '../contracts/errors';
import type { FramesRef } from '../contracts/steps';
import type { FrameReader } from '../seasons';
import { isDamage, type ArtifactStore } from '../store';
import { openFetched, openFrames } from './frames';

/** The frames of several seasons, to be looked at. */
export class Photographs {
  readonly #seasons: ReadonlyMap<string, SeasonPhotographs>;

  private constructor(seasons: ReadonlyMap<string, SeasonPhotographs>) {
    this.#seasons = seasons;
  }

  /** Opens the frames for as long as `use` takes. */
  static async use<T>(
    store: ArtifactStore,
    catalog: Catalog,
    frames: readonly FramesRef[],
    use: (photographs: Photographs) => Promise<T>,
  ): Promise<T> {
    const seasons = new Map<string, SeasonPhotographs>();
    try {
      for (const ref of frames) seasons.set(ref.summary.season, await openSeasonPhotographs(store, catalog, ref));
      return await use(new Photographs(seasons));
    } finally {
      for (const { readers } of seasons.values()) for (const reader of readers) await reader.close();
    }
  }

  /** Whether only those frames of some seasons are here that were picked. */
  get onlyPicked(): boolean {
    return [...this.#seasons.values()].some(({ onlyPicked }) => onlyPicked);
  }

  /** `undefined` where the frame is not there: a page without a picture is better than none. */
  async read(season: string, fileName: string): Promise<Buffer | undefined> {
    const own = this.#seasons.get(season);
    const reader = own?.readers.find((candidate) => candidate.has(fileName));
    try {
      return await reader?.read(fileName);
    } catch (error) {
      const isLost = isSerengetiError(error) && ['FRAME_MISSING', 'ENTRY_CORRUPT'].includes(error.code);
      // Small copies are not made again: the frames that they were made of are gone.
      if (isLost || (isDamage(error) && own?.onlyPicked === true)) return undefined;
      throw error;
    }
  }
}

interface SeasonPhotographs {
  readonly readers: readonly FrameReader[];
  readonly onlyPicked: boolean;
}

/**
 * Frames at the mirrors were fetched shard by shard: what stayed of these, whole or small, is looked at. Only where
 * nothing stayed, because features were there before, pages fetch what they show.
 */
async function openSeasonPhotographs(
  store: ArtifactStore,
  catalog: Catalog,
  frames: FramesRef,
): Promise<SeasonPhotographs> {
  const fetched = await openFetched(store, frames);
  return fetched.length > 0
    ? { readers: fetched, onlyPicked: true }
    : { readers: [await openFrames(store, catalog, frames)], onlyPicked: false };
}
