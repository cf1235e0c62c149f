import { renameSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { asDiskError, temporaryPath } from '../../store/files';
import type { Entry } from '../zip/table';

/** Up to this size, handing a file to another thread costs more than writing it. */
const WRITE_HERE_BYTES = 64 << 10;

/**
 * A folder of frames under their own names, filled by one or several processes.
 *
 * A frame is written to a temporary name and renamed, so that one under its own name is whole as far as any running
 * process can tell. After a power cut it may not be: whoever goes on checks by CRC-32 what was not synced before.
 */
export class FrameFolder {
  readonly path: string;
  readonly #folders = new Map<string, Promise<unknown>>();

  constructor(path: string) {
    this.path = path;
  }

  pathOf(name: string): string {
    return join(this.path, name);
  }

  /** Whether the frame is there already. `trusted`: it was synced, so its size is proof enough. */
  async has(entry: Pick<Entry, 'name' | 'bytes' | 'crc32'>, trusted: boolean): Promise<boolean> {
    const path = this.pathOf(entry.name);
    try {
      if ((await stat(path)).size !== entry.bytes) return false;
      return trusted || crc32(await readFile(path)) === entry.crc32;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return false;
      throw error;
    }
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const path = this.pathOf(name);
    const temporary = temporaryPath(path);
    await this.#makeFolder(dirname(path));
    try {
      if (bytes.length <= WRITE_HERE_BYTES) {
        writeFileSync(temporary, bytes, { flag: 'wx' });
        renameSync(temporary, path);
      } else {
        await writeFile(temporary, bytes, { flag: 'wx' });
        await rename(temporary, path);
      }
    } catch (error) {
      await rm(temporary, { force: true });
      throw asDiskError(error, path);
    }
  }

  /** Frames come by the thousand from one folder: it is made once. */
  #makeFolder(path: string): Promise<unknown> {
    let made = this.#folders.get(path);
    if (made === undefined) {
      made = mkdir(path, { recursive: true }).catch((error: unknown) => {
        throw asDiskError(error, path);
      });
      this.#folders.set(path, made);
    }
    return made;
  }
}
