import { join } from 'node:path';
import type { WorkOptions } from '../../contracts/progress';
import { readIds, type FeatureId } from '../../metadata';
import { NpyFile } from '../npy';

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
   * @param wanted - CRC-32 of each frame by its file name: a frame of that name with other bytes is another frame
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

  has(fileName: string): boolean {
    return this.#places.has(fileName);
  }

  /** Reads a frame's row into `target`; only where {@link has} says so. @returns whether its file was truncated */
  async take(fileName: string, target: Float32Array): Promise<boolean> {
    const { file, row, truncated } = this.#places.get(fileName)!;
    await file.readRows(row, target);
    return truncated;
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.close()));
  }

  async #add(directory: string, wanted: ReadonlyMap<string, number | null>, width: number): Promise<void> {
    const ids = await readIds(join(directory, 'ids.parquet'));
    const isWanted = ({ fileName, crc32 }: FeatureId): boolean => wanted.get(fileName) === crc32 && !this.has(fileName);
    if (!ids.some(isWanted)) return;
    const file = await NpyFile.open(join(directory, 'features.npy'));
    this.#files.push(file);
    if (file.width !== width || file.rows !== ids.length) {
      throw new Error(`${file.path} has ${file.rows} × ${file.width} values; expected ${ids.length} × ${width}`);
    }
    ids.forEach((id, row) => {
      if (isWanted(id)) this.#places.set(id.fileName, { file, row, truncated: id.truncated });
    });
  }
}
