import type { Picture } from './raster';

/**
 * Letters of five by seven dots, as a camera prints them: drawn here because a machine's fonts would change the bytes.
 * Rows from the top, one bit a dot, the leftmost highest.
 */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 2, 4, 8, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  A: [14, 17, 17, 31, 17, 17, 17],
  B: [30, 17, 17, 30, 17, 17, 30],
  C: [14, 17, 16, 16, 16, 17, 14],
  D: [28, 18, 17, 17, 17, 18, 28],
  E: [31, 16, 16, 30, 16, 16, 31],
  F: [31, 16, 16, 30, 16, 16, 16],
  G: [14, 17, 16, 23, 17, 17, 15],
  H: [17, 17, 17, 31, 17, 17, 17],
  I: [14, 4, 4, 4, 4, 4, 14],
  J: [7, 2, 2, 2, 2, 18, 12],
  K: [17, 18, 20, 24, 20, 18, 17],
  L: [16, 16, 16, 16, 16, 16, 31],
  M: [17, 27, 21, 21, 17, 17, 17],
  N: [17, 17, 25, 21, 19, 17, 17],
  O: [14, 17, 17, 17, 17, 17, 14],
  P: [30, 17, 17, 30, 16, 16, 16],
  Q: [14, 17, 17, 17, 21, 18, 13],
  R: [30, 17, 17, 30, 20, 18, 17],
  S: [15, 16, 16, 14, 1, 1, 30],
  T: [31, 4, 4, 4, 4, 4, 4],
  U: [17, 17, 17, 17, 17, 17, 14],
  V: [17, 17, 17, 17, 17, 10, 4],
  W: [17, 17, 17, 21, 21, 21, 10],
  X: [17, 17, 10, 4, 10, 17, 17],
  Y: [17, 17, 17, 10, 4, 4, 4],
  Z: [31, 1, 2, 4, 8, 16, 31],
  '-': [0, 0, 0, 31, 0, 0, 0],
  ':': [0, 12, 12, 0, 12, 12, 0],
  '/': [0, 1, 2, 4, 8, 16, 0],
  '°': [12, 18, 18, 12, 0, 0, 0],
  ' ': [0, 0, 0, 0, 0, 0, 0],
};

const COLUMNS = 5;
const ADVANCE = 6;
export const GLYPH_ROWS = 7;

/** Pixels that a text covers at `dot` pixels a dot. */
export function textWidth(text: string, dot: number): number {
  return text.length * ADVANCE * dot;
}

/** Prints a text in one shade of grey. Only the characters of the table. */
export function print(picture: Picture, text: string, left: number, top: number, dot: number, shade: number): void {
  [...text].forEach((character, position) => {
    const glyph = GLYPHS[character];
    if (glyph === undefined) throw new RangeError(`The info strip has no glyph for "${character}"`);
    for (let row = 0; row < GLYPH_ROWS; row++) {
      for (let column = 0; column < COLUMNS; column++) {
        if ((glyph[row]! & (1 << (COLUMNS - 1 - column))) === 0) continue;
        fill(picture, left + (position * ADVANCE + column) * dot, top + row * dot, dot, shade);
      }
    }
  });
}

export function fill(picture: Picture, left: number, top: number, size: number, shade: number): void {
  const right = Math.min(picture.width, left + size);
  const bottom = Math.min(picture.height, top + size);
  for (let y = Math.max(0, top); y < bottom; y++) {
    picture.data.fill(shade, (y * picture.width + Math.max(0, left)) * 3, Math.max(0, (y * picture.width + right) * 3));
  }
}
