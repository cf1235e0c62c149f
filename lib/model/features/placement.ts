import type { InputSize, Preprocessing } from '../../contracts/preprocessing';
import type { Pixels } from './resample';

const CHANNELS = 3;
/** What surrounds a photograph that does not fill the input: what backbones see as nothing, a value of 0. */
const SURROUND = 127;

/** The part of the input that a photograph fills. */
export interface Placement extends InputSize {
  readonly left: number;
  readonly top: number;
}

/** Where a photograph of a size, upright, comes to lie: step 2 of {@link Preprocessing}. */
export function placementOf(photograph: InputSize, { width, height, fit }: Preprocessing): Placement {
  if (fit === 'stretch') return { width, height, left: 0, top: 0 };
  const isWide = photograph.width * height >= photograph.height * width;
  const filled = isWide
    ? { width, height: share(photograph.height, width, photograph.width) }
    : { width: share(photograph.width, height, photograph.height), height };
  return { ...filled, left: Math.floor((width - filled.width) / 2), top: Math.floor((height - filled.height) / 2) };
}

/** a · b / c in whole numbers, halves up, at least 1: the same wherever it is computed. */
function share(a: number, b: number, c: number): number {
  return Math.max(1, Math.floor((2 * a * b + c) / (2 * c)));
}

/** The whole input, with a photograph in its place: step 6 of {@link Preprocessing}. */
export function surrounded({ data, width, height }: Pixels, { left, top }: Placement, input: InputSize): Uint8Array {
  if (width === input.width && height === input.height) return data;
  const result = new Uint8Array(input.width * input.height * CHANNELS).fill(SURROUND);
  for (let row = 0; row < height; row++) {
    const line = data.subarray(row * width * CHANNELS, (row + 1) * width * CHANNELS);
    result.set(line, ((top + row) * input.width + left) * CHANNELS);
  }
  return result;
}
