import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asDiskError, isGone, pathExists, temporaryPath } from '../io/files';
import type { Trash } from './trash';

/**
 * The folder of a draft, opened. Several workers may have it open; the first that is done takes it away. What another one
 * writes then makes a new folder of the same name, which lacks what it wrote before: so each leaves a mark when it opens
 * the folder, and looks for it in the end.
 */
export class DraftFolder {
  readonly path: string;
  readonly #mark: string;
  readonly #trash: Trash;

  private constructor(path: string, mark: string, trash: Trash) {
    this.path = path;
    this.#mark = mark;
    this.#trash = trash;
  }

  /** Opens the folder, new or as a predecessor left it. */
  static async open(path: string, trash: Trash): Promise<DraftFolder> {
    const mark = temporaryPath(join(path, 'draft'));
    for (;;) {
      try {
        await mkdir(path, { recursive: true });
        await writeFile(mark, '', { flag: 'wx' });
        return new DraftFolder(path, mark, trash);
      } catch (error) {
        // Taken away at this very moment.
        if (!isGone(error)) throw asDiskError(error, path);
      }
    }
  }

  /** Whether the folder is still the one that was opened. */
  async isThere(): Promise<boolean> {
    return await pathExists(this.#mark);
  }

  async discard(): Promise<void> {
    await this.#trash.take(this.path);
  }
}
