import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { benchFolder } from './harness';

/** Where a measurement writes. */
export interface Place {
  readonly name: 'memory' | 'disk';
  /** Empty at the beginning. */
  readonly folder: string;
  /** Ends when what was written is where it belongs: this project syncs what it writes, so peers have to as well. */
  settle(): Promise<void>;
  clear(): Promise<void>;
}

const MEMORY = '/dev/shm';

/**
 * The disk, and before it memory where there is room for it: there the programs are measured, on the disk rather the
 * disk.
 */
export async function places(bench: string, bytes: number): Promise<Place[]> {
  const disk = place('disk', join(benchFolder(bench), 'out'));
  const inMemory = (await freeBytes(MEMORY)) > 1.2 * bytes;
  return inMemory ? [place('memory', join(MEMORY, `serengeti-bench-${bench}`)), disk] : [disk];
}

function place(name: Place['name'], folder: string): Place {
  return {
    name,
    folder,
    async settle() {
      await promisify(execFile)('sync', ['-f', folder]);
    },
    async clear() {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
    },
  };
}

async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
