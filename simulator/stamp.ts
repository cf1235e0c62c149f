import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SerengetiError } from '../lib/contracts/errors';
import { statIfThere, writeFileAtomic } from '../lib/io/files';
import { removeDrafts } from './publishing/zipDraft';

/**
 * What a folder of simulated files holds. Written twice: before the first file, so that a stopped simulation is gone on
 * with or cleared away, and after the last one.
 */
export interface Stamp {
  /** Names the bytes of all files. */
  readonly digest: string;
  readonly finished: boolean;
  readonly options: object;
  /** Files and folders that the simulation writes, relative. */
  readonly outputs: readonly string[];
  /** Sizes of the files when the simulation was finished. */
  readonly sizes: Readonly<Record<string, number>>;
}

export const STAMP_FILE = 'simulation.json';

/** Whether all files are there as they were finished. */
export async function isFinished(directory: string, digest: string): Promise<boolean> {
  const stamp = await readStamp(directory);
  if (stamp === undefined || !stamp.finished || stamp.digest !== digest) return false;
  const sizes = await Promise.all(stamp.outputs.map(async (name) => (await statIfThere(join(directory, name)))?.size));
  return stamp.outputs.every((name, index) => {
    const size = sizes[index];
    return size !== undefined && (stamp.sizes[name] ?? size) === size;
  });
}

/**
 * Makes the folder ready. What another simulation left is removed; of this one's files those stay that are whole, as far
 * as their sizes tell.
 */
export async function begin(directory: string, stamp: Pick<Stamp, 'digest' | 'options' | 'outputs'>): Promise<void> {
  const before = await readStamp(directory);
  for (const name of before?.outputs ?? []) {
    const path = join(directory, name);
    const size = (await statIfThere(path))?.size;
    if (before?.digest !== stamp.digest) {
      await rm(path, { recursive: true, force: true });
      await removeDrafts(path);
    } else if (size !== (before.sizes[name] ?? size)) {
      await rm(path, { force: true });
    }
  }
  await write(directory, { ...stamp, finished: false, sizes: {} });
}

export async function finish(directory: string, stamp: Pick<Stamp, 'digest' | 'options' | 'outputs'>): Promise<void> {
  const sizes: Record<string, number> = {};
  for (const name of stamp.outputs) {
    const status = await stat(join(directory, name));
    if (status.isFile()) sizes[name] = status.size;
  }
  await write(directory, { ...stamp, finished: true, sizes });
}

async function write(directory: string, stamp: Stamp): Promise<void> {
  await writeFileAtomic(join(directory, STAMP_FILE), `${JSON.stringify(stamp, undefined, 2)}\n`);
}

async function readStamp(directory: string): Promise<Stamp | undefined> {
  const path = join(directory, STAMP_FILE);
  if ((await statIfThere(path)) === undefined) return undefined;
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text) as Stamp;
  } catch (error) {
    throw new SerengetiError(
      'METADATA_INVALID',
      `${path} is not the record of a simulation: ${(error as Error).message}`,
      {
        cause: error,
        details: { path },
      },
    );
  }
}
