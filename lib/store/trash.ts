import { randomBytes } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isGone, makeFolder } from '../io/files';

/**
 * Where folders go that are removed. They leave their place in one step, so that nobody sees half of one, and nobody who
 * still writes to their place can keep them from being removed.
 */
export class Trash {
  readonly #folder: string;

  /** @param folder - on the same file system as what is removed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Removes a folder. Nothing to remove is no error. */
  async take(path: string): Promise<void> {
    await makeFolder(this.#folder);
    try {
      await rename(path, join(this.#folder, `${basename(path)}-${randomBytes(4).toString('hex')}`));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
    // Also what a removal that was killed has left. Others may be at the same.
    for (const name of await readdir(this.#folder))
      await rm(join(this.#folder, name), { recursive: true, force: true });
  }
}
