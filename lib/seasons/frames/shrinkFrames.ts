import { availableParallelism } from 'node:os';
import { crc32 } from 'node:zlib';
import type { WorkOptions } from '../../contracts/progress';
import { forEachParallel } from '../../io/parallel';
import { shrink } from '../../shrink';
import type { RejectedEntry } from '../../zip/table';
import { FramePack, type FrameFact, type PackedFrames } from './framePack';
import { openPackedFrames } from './frames';

/** What fits the pages and a try of the packaged programs. */
const SMALL = { size: 480, quality: 75 } as const;

/**
 * Makes small copies of packed frames, for people to look at when the frames themselves are gone: packed, too.
 * Photographs that cannot be decoded are listed as rejected. Nothing of their metadata comes along.
 *
 * @param input.frames - folder of a frames artifact
 */
export async function shrinkFrames(
  input: { readonly frames: string; readonly directory: string },
  { signal, onProgress }: WorkOptions = {},
): Promise<PackedFrames> {
  const pack = new FramePack(input.directory);
  const source = await openPackedFrames(input.frames);
  const names = [...source.names()];
  const frames: FrameFact[] = [];
  const rejected: RejectedEntry[] = [];
  try {
    await forEachParallel(names, availableParallelism(), signal, async (name, stop) => {
      const small = await shrink(await source.read(name, stop), SMALL);
      if (small === undefined) rejected.push(undecodable(name));
      else {
        await pack.write(name, small.data);
        frames.push({ name, crc32: crc32(small.data) });
      }
      onProgress?.({ done: frames.length + rejected.length, total: names.length, unit: 'frames' });
    });
  } finally {
    await source.close();
  }
  return await pack.pack(frames, rejected, signal);
}

function undecodable(name: string): RejectedEntry {
  return { name, archive: '', code: 'ENTRY_CORRUPT', reason: 'cannot be decoded', byte: 0 };
}
