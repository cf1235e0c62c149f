import type { FramesRef } from '../lib/contracts/steps';
import type { FrameReader } from '../lib/seasons';
import type { ArtifactStore } from '../lib/store';
import { openFrames } from './frames';

/** The frames of several seasons. */
export class Photographs {
  readonly #readers: ReadonlyMap<string, FrameReader>;

  private constructor(readers: ReadonlyMap<string, FrameReader>) {
    this.#readers = readers;
  }

  /** Opens the frames for as long as `use` takes. */
  static async use<T>(
    store: ArtifactStore,
    frames: readonly FramesRef[],
    use: (photographs: Photographs) => Promise<T>,
  ): Promise<T> {
    const readers = new Map<string, FrameReader>();
    try {
      for (const ref of frames) readers.set(ref.summary.season, await openFrames(store, ref));
      return await use(new Photographs(readers));
    } finally {
      for (const reader of readers.values()) await reader.close();
    }
  }

  /** `undefined` where the frame is not there: a page without a picture is better than none. */
  async read(season: string, fileName: string): Promise<Buffer | undefined> {
    const reader = this.#readers.get(season);
    return reader?.has(fileName) === true ? await reader.read(fileName) : undefined;
  }
}
