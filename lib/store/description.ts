import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactFile } from '../contracts/artifact';
import { listFiles } from '../io/files';

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
  const earlier = new Map(before?.files.map((file) => [file.name, file]));
  const files: ArtifactFile[] = [];
  const stamps = new Map<string, string>();
  for (const name of await listFiles(folder, skip)) {
    const path = join(folder, name);
    const info = await stat(path);
    const stamp = stampOf(info);
    const known = before?.stamps.get(name) === stamp ? earlier.get(name) : undefined;
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

/** Whether no file of a folder was replaced, added or removed since it was described. Reads none. */
export async function isUnchanged(
  folder: string,
  skip: DescriptionOptions['skip'],
  { stamps }: Description,
): Promise<boolean> {
  const names = await listFiles(folder, skip);
  if (names.length !== stamps.size) return false;
  for (const name of names) if (stampOf(await stat(join(folder, name))) !== stamps.get(name)) return false;
  return true;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
