import type { InputSize } from '../../contracts/preprocessing';

/** Pixels of the photographs that batches are counted in. */
export const USUAL_PIXELS = 224 * 224;

/** So many of them go through a network at a time. On a CPU a few stay in its caches; a GPU wants many. */
export const BATCH = { cpu: 8, gpu: 128 };

/**
 * How many photographs go through a network at a time, so that they take no more memory than `most` of 224×224 pixels do:
 * fewer where they are larger, but one at least.
 */
export function photographsAtOnce(most: number, { width, height }: InputSize): number {
  return Math.max(1, Math.min(most, Math.floor((most * USUAL_PIXELS) / (width * height))));
}
