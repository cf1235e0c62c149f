import { shrink, type ShrinkOptions } from '../shrink';

/** A photograph small enough to stand in a page. */
export interface Thumbnail {
  /** `data:image/jpeg;base64,…` */
  readonly url: string;
  readonly width: number;
  readonly height: number;
  /** Length of the file, without base64's third. */
  readonly bytes: number;
}

/**
 * Shrinks a photograph for a page.
 *
 * @returns `undefined` when the photograph cannot be decoded
 */
export async function thumbnail(photograph: Uint8Array, options: ShrinkOptions): Promise<Thumbnail | undefined> {
  const small = await shrink(photograph, options);
  if (small === undefined) return undefined;
  const { data, width, height } = small;
  return { url: `data:image/jpeg;base64,${data.toString('base64')}`, width, height, bytes: data.length };
}
