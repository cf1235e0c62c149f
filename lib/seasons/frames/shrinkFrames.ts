import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import type { WorkOptions } from '../../contracts/progress';
import { forEachParallel } from '../../parallel';
import { STORED, type Entry, type RejectedEntry } from '../zip/table';
import { syncTree } from './durability';
import { ENTRIES_CSV, REJECTED_CSV, readEntriesCsv, writeEntriesCsv, writeRejectedCsv } from './entriesCsv';
import { FrameFolder } from './frameFolder';
import { openFrames } from './frames';
import { FRAMES_FOLDER, type Extraction } from './unzip';

/** Longer side, pixels: what fits the pages and a try of the packaged programs. */
const SIZE = 480;
const QUALITY = 75;

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
      const small = await shrink(await source.read(name, stop));
      if (small === undefined) rejected.push(undecodable(name));
      else {
        await folder.write(name, small);
        entries.push(entryOf(name, small));
      }
      onProgress?.({ done: entries.length + rejected.length, total: names.length, unit: 'frames' });
    });
  } finally {
    await source.close();
  }
  await syncTree(folder.path);
  await writeRejectedCsv(join(input.directory, REJECTED_CSV), rejected.sort(byName), signal);
  await writeEntriesCsv(join(input.directory, ENTRIES_CSV), entries.sort(byName), signal);
  const frameBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  return { entries: entries.length, frameBytes, rejected: rejected.length };
}

async function namesOf(directory: string, signal: AbortSignal | undefined): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of readEntriesCsv(join(directory, ENTRIES_CSV), signal)) names.push(name);
  return names;
}

async function shrink(photograph: Uint8Array): Promise<Buffer | undefined> {
  try {
    return await sharp(photograph, { failOn: 'none' })
      .autoOrient()
      .resize({ width: SIZE, height: SIZE, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: QUALITY })
      .toBuffer();
  } catch {
    return undefined; // listed; its features were not computed either
  }
}

function entryOf(name: string, bytes: Uint8Array): Entry {
  const { length } = bytes;
  return { name, archive: '', offset: 0, compressedBytes: length, bytes: length, crc32: crc32(bytes), method: STORED };
}

function undecodable(name: string): RejectedEntry {
  return { name, archive: '', code: 'ENTRY_CORRUPT', reason: 'cannot be decoded', byte: 0 };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
