import { join } from 'node:path';
import { lookKey, type PickedFrame } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import { readIds, type FeatureId } from '../../metadata';
import { NpyFile } from '../npy';

type Look = Pick<PickedFrame, 'fileName' | 'box'>;

interface Place {
  readonly file: NpyFile;
  readonly row: number;
  readonly truncated: boolean;
}

/** Rows of earlier shards that this shard needs not compute again. */
export class EarlierFeatures {
  readonly #places = new Map<string, Place>();
  readonly #files: NpyFile[] = [];

  /**
   * Looks through shards of the same season and backbone, from other picks or runs. One that cannot be read is warned
   * of and left aside: its frames are computed again.
   *
   * @param wanted - CRC-32 of each look's frame by its {@link lookKey}: a frame of that name with other bytes is another frame
   */
  static async find(
    directories: Iterable<string> | AsyncIterable<string>,
    wanted: ReadonlyMap<string, number | null>,
    width: number,
    { signal, onWarning }: WorkOptions,
  ): Promise<EarlierFeatures> {
    const earlier = new EarlierFeatures();
    for await (const directory of directories) {
      signal?.throwIfAborted();
      if (earlier.#places.size === wanted.size) break;
      try {
        await earlier.#add(directory, wanted, width);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        onWarning?.({ message: `Earlier features are not used: ${reason}`, details: { directory } });
      }
    }
    return earlier;
  }

  has(look: Look): boolean {
    return this.#places.has(lookKey(look));
  }

  /** Reads a look's row into `target`; only where {@link has} says so. @returns whether its file was truncated */
  async take(look: Look, target: Float32Array): Promise<boolean> {
    const { file, row, truncated } = this.#places.get(lookKey(look))!;
    await file.readRows(row, target);
    return truncated;
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.close()));
  }

  async #add(directory: string, wanted: ReadonlyMap<string, number | null>, width: number): Promise<void> {
    const ids = await readIds(join(directory, 'ids.parquet'));
    const isWanted = (id: FeatureId): boolean => wanted.get(lookKey(id)) === id.crc32 && !this.has(id);
    if (!ids.some(isWanted)) return;
    const file = await NpyFile.open(join(directory, 'features.npy'));
    this.#files.push(file);
    if (file.width !== width || file.rows !== ids.length) {
      throw new Error(`${file.path} has ${file.rows} × ${file.width} values; expected ${ids.length} × ${width}`);
    }
    ids.forEach((id, row) => {
      if (isWanted(id)) this.#places.set(lookKey(id), { file, row, truncated: id.truncated });
    });
  }
}
