import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { temporaryPath } from '../../io/files';
import { asRefusal } from '../../io/systemErrors';
import type { Entry } from '../../zip/table';

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
  /** Frames come by the thousand from one folder: it is made once. */
  readonly #made = new Set<string>();

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
    if (bytes.length <= WRITE_HERE_BYTES) return this.writeHere(name, bytes);
    const path = this.pathOf(name);
    const temporary = temporaryPath(path);
    this.#makeFolder(dirname(path));
    try {
      await writeFile(temporary, bytes, { flag: 'wx' });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw asRefusal(error, path);
    }
  }

  /** The same, and this thread waits for the disk. */
  writeHere(name: string, bytes: Uint8Array): void {
    const path = this.pathOf(name);
    const temporary = temporaryPath(path);
    this.#makeFolder(dirname(path));
    try {
      writeFileSync(temporary, bytes, { flag: 'wx' });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw asRefusal(error, path);
    }
  }

  #makeFolder(path: string): void {
    if (this.#made.has(path)) return;
    try {
      mkdirSync(path, { recursive: true });
    } catch (error) {
      throw asRefusal(error, path);
    }
    this.#made.add(path);
  }
}
