import { execFile } from 'node:child_process';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { asRefusal } from '../../io/systemErrors';

const run = promisify(execFile);

/**
 * Makes everything below a folder survive a power cut. One call to the system for the whole file system where `sync -f`
 * exists (it costs the same for one file as for a million), else file by file.
 */
export async function syncTree(folder: string): Promise<void> {
  try {
    await run('sync', ['-f', folder]);
  } catch (error) {
    const { code } = error as { code?: unknown };
    // Not installed, or a `sync` that knows no folders.
    if (code !== 'ENOENT' && code !== 1) throw asRefusal(error, folder);
    await syncEach(folder);
  }
}

async function syncEach(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncEach(path);
    else await syncPath(path);
  }
  await syncPath(folder);
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } catch (error) {
    throw asRefusal(error, path);
  } finally {
    await file.close();
  }
}
