import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import type { WorkOptions } from '../../contracts/progress';
import { forEachParallel } from '../../io/parallel';
import { shrink } from '../../shrink';
import { byName, looseEntry, type Entry, type RejectedEntry } from '../../zip/table';
import { syncTree } from './durability';
import { ENTRIES_CSV, readEntriesCsv, writeFrameLists, type Extraction } from './entriesCsv';
import { FrameFolder } from './frameFolder';
import { openFrames } from './frames';
import { FRAMES_FOLDER } from './unzip';

/** What fits the pages and a try of the packaged programs. */
const SMALL = { size: 480, quality: 75 } as const;

/**
 * Makes small copies of extracted frames, for people to look at when the frames themselves are gone: `frames/<name>`,
 * `entries.csv` and `rejected.csv`, as of extracted frames. Photographs that cannot be decoded are listed as rejected.
 * Nothing of their metadata comes along.
 *
 * @param input.frames - folder of a frames artifact
 */
export async function shrinkFrames(
  input: { readonly frames: string; readonly directory: string },
  { signal, onProgress }: WorkOptions = {},
): Promise<Extraction> {
  const folder = new FrameFolder(join(input.directory, FRAMES_FOLDER));
  const source = await openFrames({ directory: input.frames });
  const names = await namesOf(input.frames, signal);
  const entries: Entry[] = [];
  const rejected: RejectedEntry[] = [];
  try {
    await forEachParallel(names, availableParallelism(), signal, async (name, stop) => {
      const small = await shrink(await source.read(name, stop), SMALL);
      if (small === undefined) rejected.push(undecodable(name));
      else {
        await folder.write(name, small.data);
        entries.push(looseEntry(name, small.data));
      }
      onProgress?.({ done: entries.length + rejected.length, total: names.length, unit: 'frames' });
    });
  } finally {
    await source.close();
  }
  await syncTree(folder.path);
  return await writeFrameLists(input.directory, entries.sort(byName), rejected.sort(byName), signal);
}

async function namesOf(directory: string, signal: AbortSignal | undefined): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of readEntriesCsv(join(directory, ENTRIES_CSV), signal)) names.push(name);
  return names;
}

function undecodable(name: string): RejectedEntry {
  return { name, archive: '', code: 'ENTRY_CORRUPT', reason: 'cannot be decoded', byte: 0 };
}
