import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type Stats } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { asRefusal } from './systemErrors';

/** Marks names that are not yet what they claim to be; readers skip them, clean-up may remove them. */
const TEMPORARY = '.tmp-';

/** A name beside `path` that no other writer uses, in this process or another. */
export function temporaryPath(path: string): string {
  return `${path}${TEMPORARY}${process.pid}-${randomBytes(4).toString('hex')}`;
}

export function isTemporary(name: string): boolean {
  return name.includes(TEMPORARY);
}

/**
 * A place in a draft for what is no part of the artifact. It goes with the commit.
 */
export function scratchPath(draft: string, name: string): string {
  return join(draft, `${TEMPORARY}${name}`);
}

/** Writes a file that appears whole or not at all, on disk when this resolves. Creates its folder. */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await writeAtomic(path, (temporary) => writeFile(temporary, data, { flag: 'wx' }));
}

/**
 * Writes a file that appears whole, unless there is one: of several writers one does.
 *
 * @returns whether this one did
 */
export async function createFileAtomic(path: string, data: string): Promise<boolean> {
  const temporary = temporaryPath(path);
  await makeFolder(dirname(path));
  try {
    await writeFile(temporary, data, { flag: 'wx', flush: true });
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw asRefusal(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
  return true;
}

/** The same as {@link writeFileAtomic} for a stream. */
export async function writeStreamAtomic(path: string, source: Readable, signal?: AbortSignal): Promise<void> {
  await writeAtomic(path, async (temporary) => {
    const target = createWriteStream(temporary, { flags: 'wx' });
    try {
      await pipeline(source, target, { signal });
    } finally {
      // A source that breaks off at once leaves the file still being opened: it must not appear after its removal.
      if (!target.closed) await once(target, 'close');
    }
  });
}

/**
 * The same for a writer that wants a path: `write` fills the temporary path (a file or a folder's worth of one file),
 * then it is synced and renamed to `path`.
 */
export async function writeAtomic(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryPath(path);
  await makeFolder(dirname(path));
  try {
    await write(temporary);
    await syncFile(temporary);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true, recursive: true });
    throw asRefusal(error, path);
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename in the folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  await syncFile(path);
}

/**
 * Creates a folder and those above it. Where the file system is read-only, Node says of the uppermost of them that it does
 * not exist; asking for that one alone gives the reason.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    if (!isGone(error)) throw asRefusal(error, path);
    await mkdir((error as NodeJS.ErrnoException).path ?? path).catch((reason: NodeJS.ErrnoException) => {
      if (reason.code !== 'EEXIST') throw asRefusal(reason, path);
    });
    await mkdir(path, { recursive: true });
  }
}

export async function pathExists(path: string): Promise<boolean> {
  return (await statIfThere(path)) !== undefined;
}

/** `undefined` when there is nothing at the path; other errors are thrown. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** A text file's content; `undefined` when there is nothing at the path. */
export async function readFileIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** @returns whether there was anything to rename */
export async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw asRefusal(error, to);
  }
}

/** Names in a folder; none when there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Relative paths of all files below a folder, sorted, forward slashes, temporary ones left out. */
export async function listFiles(folder: string, skip: readonly string[] = []): Promise<string[]> {
  const names: string[] = [];
  const visit = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(folder, relative), { withFileTypes: true })) {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (isTemporary(entry.name) || skip.includes(name)) continue;
      if (entry.isDirectory()) await visit(name);
      else names.push(name);
    }
  };
  await visit('');
  return names.sort();
}

/** Removes all that is temporary below a folder. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (isTemporary(entry.name)) await rm(path, { recursive: true, force: true });
    else if (entry.isDirectory()) await removeTemporaries(path);
  }
}

/** Whether an error says that there is no such file or folder. */
export function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Ends a writable and waits until everything is handed to the operating system. */
export async function endOf(stream: Writable): Promise<void> {
  stream.end();
  await finished(stream);
}
