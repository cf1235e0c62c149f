import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactFile } from '../contracts/artifact';
import { listFiles } from './files';

/** A folder's files as they were at a moment. */
export interface Description {
  readonly files: readonly ArtifactFile[];
  /** By name: what tells a file from one that replaced it. */
  readonly stamps: ReadonlyMap<string, string>;
}

export interface DescriptionOptions {
  /** Files and folders to leave out. */
  readonly skip: readonly string[];
  /** Files that get no digest. */
  readonly undigested: readonly string[];
}

/**
 * Size and digest of a folder's files.
 *
 * @param before - an earlier description of the folder: only what was replaced since is read
 */
export async function describeFiles(
  folder: string,
  { skip, undigested }: DescriptionOptions,
  before?: Description,
): Promise<Description> {
  const files: ArtifactFile[] = [];
  const stamps = new Map<string, string>();
  for (const name of await listFiles(folder, skip)) {
    const path = join(folder, name);
    const info = await stat(path);
    const stamp = stampOf(info);
    const known = before?.stamps.get(name) === stamp ? before.files.find((file) => file.name === name) : undefined;
    files.push(
      known ?? { name, bytes: info.size, ...(undigested.includes(name) ? {} : { sha256: await sha256Of(path) }) },
    );
    stamps.set(name, stamp);
  }
  return { files, stamps };
}

/** Files are replaced by renaming: another one has another number, or was written at another time. */
export function stampOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`;
}

/** Whether no file was replaced, added or removed between two descriptions. */
export function isSame(a: Description, b: Description): boolean {
  return a.stamps.size === b.stamps.size && [...a.stamps].every(([name, stamp]) => b.stamps.get(name) === stamp);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
