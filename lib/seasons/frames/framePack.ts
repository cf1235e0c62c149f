import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { scratchPath } from '../../io/files';
import { readDirectory } from '../../zip/directory';
import { openFileReader } from '../../zip/reader';
import { byName, type Entry, type RejectedEntry } from '../../zip/table';
import { writeZip } from '../../zip/writeZip';
import { writeFrameLists, type Extraction } from './entriesCsv';
import { FrameFolder } from './frameFolder';

/** What tells a frame's bytes from others. */
export type FrameFact = Pick<Entry, 'name' | 'crc32'>;

export interface PackedFrames extends Extraction {
  /** Name of the zip, by what it holds: another attempt that could not get a frame packs another zip. */
  readonly archive: string;
}

/**
 * Frames that are gathered to lie in one zip. Until all are there they are files of the draft, which go with its commit:
 * whoever comes after a killed attempt goes on with them, also while another one does.
 */
export class FramePack extends FrameFolder {
  readonly #directory: string;

  /** @param directory - gets the zip, `entries.csv` and `rejected.csv` */
  constructor(directory: string) {
    super(scratchPath(directory, 'frames'));
    this.#directory = directory;
  }

  /** Packs frames that were written. Their order does not matter. */
  async pack(
    frames: readonly FrameFact[],
    rejected: readonly RejectedEntry[],
    signal?: AbortSignal,
  ): Promise<PackedFrames> {
    const sorted = [...frames].sort(byName);
    const archive = `frames-${digestOf(sorted)}.zip`;
    const path = join(this.#directory, archive);
    const files = sorted.map(({ name }) => ({ name, source: { path: this.pathOf(name) } }));
    await writeZip(path, files, { signal });
    const reader = await openFileReader(path);
    try {
      const packed = await readDirectory(reader, { signal });
      const lost = [...rejected, ...packed.rejected].sort(byName);
      return { archive, ...(await writeFrameLists(this.#directory, [...packed.entries], lost, signal)) };
    } finally {
      await reader.close();
    }
  }
}

function digestOf(frames: readonly FrameFact[]): string {
  const facts = frames.map(({ name, crc32 }) => [name, crc32]);
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}
