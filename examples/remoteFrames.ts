/**
 * Reads frames out of a season's zip archive where it lies, without downloading it: first the archive's directory, then
 * each frame as one byte range, checked by its CRC-32.
 *
 *     node dist/examples/remoteFrames.js \
 *       https://storage.googleapis.com/public-datasets-lila/snapshotserengeti-v-2-0/SnapshotSerengeti_S04_v2_0.zip \
 *       frames 10
 */
import { join, posix, resolve } from 'node:path';
import type { WorkOptions } from '../lib/contracts/progress';
import { writeFileAtomic } from '../lib/io/files';
import { ENTRIES_CSV, listRemoteArchives, openRemoteFrames, probe, readEntriesCsv } from '../lib/seasons';

/**
 * Saves the first frames of a remote archive.
 *
 * @param url - of a zip archive; its server has to send byte ranges
 * @param folder - gets `entries.csv`, the list of all frames, and the frames under their own names
 * @param count - how many frames
 * @returns the paths of the frames
 */
export async function saveRemoteFrames(
  url: string,
  folder: string,
  count: number,
  work: WorkOptions = {},
): Promise<string[]> {
  // Further addresses of the same file would be used as well, the faster ones more.
  const mirrors = [{ name: 'only', url: new URL('./', url).href }];
  const archives = [await probe(mirrors, decodeURIComponent(posix.basename(new URL(url).pathname)), work)];
  await listRemoteArchives({ mirrors, archives, directory: folder }, work);

  const frames = await openRemoteFrames({ mirrors, archives, directory: folder }, work);
  const saved: string[] = [];
  try {
    for await (const { name } of readEntriesCsv(join(folder, ENTRIES_CSV), work.signal)) {
      if (saved.length === count) break;
      const path = join(folder, name);
      await writeFileAtomic(path, await frames.read(name, work.signal));
      saved.push(path);
      work.onProgress?.({ done: saved.length, total: count, unit: 'frames', note: name });
    }
  } finally {
    await frames.close();
  }
  return saved;
}

async function main([url, folder, count = '10']: readonly string[]): Promise<void> {
  if (url === undefined || folder === undefined) throw new Error('Expected: URL-OF-A-ZIP FOLDER [COUNT]');
  for (const path of await saveRemoteFrames(url, resolve(folder), Number(count))) console.log(path);
}

if (require.main === module) void main(process.argv.slice(2));
