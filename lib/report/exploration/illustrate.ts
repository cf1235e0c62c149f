import type { GallerySequence } from '../../contracts/exploration';
import type { WorkOptions } from '../../contracts/progress';
import { thumbnail } from '../thumbnails';
import type { IllustratedSequence } from './gallery';

/** Of the photographs as they stand in the page, base64 included: the page stays under 10 MB. */
const IMAGE_BYTES = 7_500_000;
/** Of a class, at most: enough for a look around. */
export const GALLERY_SEQUENCES = 12;
const FRAMES = 10;
const IMAGE = { size: 480, quality: 62 } as const;

export type ReadPhotograph = (season: string, fileName: string) => Promise<Uint8Array | undefined>;

/**
 * Shrinks the photographs of sequences until the page is full, the classes taking turns, so that each has some. Of each
 * class the first sequences are taken: their order is the caller's, random by seed.
 */
export async function illustrate(
  sequences: readonly GallerySequence[],
  read: ReadPhotograph,
  { signal, onProgress }: WorkOptions,
): Promise<IllustratedSequence[]> {
  const turns = takingTurns(sequences);
  const illustrated: IllustratedSequence[] = [];
  const total = turns.length;
  let bytes = 0;
  for (const [done, sequence] of turns.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ done, total, unit: 'steps', note: 'thumbnails' });
    const next = await shrink(sequence, read);
    const size = next.frames.reduce((sum, { image }) => sum + (image?.url.length ?? 0), 0);
    if (size === 0) continue;
    if (bytes + size > IMAGE_BYTES) break;
    bytes += size;
    illustrated.push(next);
  }
  onProgress?.({ done: total, total, unit: 'steps' });
  return illustrated;
}

/** First the first sequence of every class, then the second ones, and so on; each sequence once. */
export function takingTurns(sequences: readonly GallerySequence[]): GallerySequence[] {
  const queues = new Map<string, GallerySequence[]>();
  for (const sequence of sequences) {
    for (const label of sequence.labels) {
      const queue = queues.get(label) ?? [];
      if (queue.length < GALLERY_SEQUENCES) queue.push(sequence);
      queues.set(label, queue);
    }
  }
  const classes = [...queues.keys()].sort();
  const turns = Array.from({ length: GALLERY_SEQUENCES }, (_, turn) =>
    classes.flatMap((label) => queues.get(label)?.[turn] ?? []),
  );
  return [...new Set(turns.flat())];
}

async function shrink({ fileNames, ...rest }: GallerySequence, read: ReadPhotograph): Promise<IllustratedSequence> {
  const frames = fileNames.slice(0, FRAMES).map(async (fileName) => {
    const photograph = await read(rest.season, fileName);
    const image = photograph === undefined ? undefined : await thumbnail(photograph, IMAGE);
    return image === undefined ? { fileName } : { fileName, image };
  });
  return { ...rest, frames: await Promise.all(frames) };
}
