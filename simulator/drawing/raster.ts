import sharp from 'sharp';
import type { Rgb } from './colour';

/** A drawing with transparency: RGBA, 8 bits, rows from the top, colour not multiplied by alpha. */
export interface Sprite {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** An opaque picture: RGB, 8 bits, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** How light falls: factors for red, green and blue; `grey` where the camera sees infrared. */
export interface Light {
  readonly factors: Rgb;
  readonly grey: boolean;
}

/** Renders SVG elements whose coordinates span `viewBox` to `width` by `height` pixels. */
export async function renderSvg(elements: string, viewBox: Box, width: number, height: number): Promise<Sprite> {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" preserveAspectRatio="none" ` +
    `viewBox="${viewBox.x} ${viewBox.y} ${viewBox.width} ${viewBox.height}">${elements}</svg>`;
  const { data, info } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Placement {
  /** Pixel of the picture where the sprite's top left corner comes to lie; may be outside. */
  readonly left: number;
  readonly top: number;
  /** Left and right exchanged. */
  readonly mirrored?: boolean;
  /** Horizontal shift of the top row against the bottom row, in pixels: grass in the wind. */
  readonly lean?: number;
  readonly light: Light;
}

/** Lays a sprite over a picture; what lies outside is cut off. */
export function lay(picture: Picture, sprite: Sprite, placement: Placement): void {
  const { left, top, mirrored = false, lean = 0, light } = placement;
  const last = Math.min(sprite.height, picture.height - top);
  for (let row = Math.max(0, -top); row < last; row++) {
    const shifted = left + Math.round(lean * (1 - row / sprite.height));
    layRow(picture, sprite, row, { left: shifted, row: top + row, mirrored }, light);
  }
}

/**
 * Lays one row of a sprite over a row of the picture. In 256ths and whole numbers: this is the inner loop of all drawing.
 */
export function layRow(
  picture: Picture,
  sprite: Sprite,
  spriteRow: number,
  { left, row, mirrored }: { left: number; row: number; mirrored: boolean },
  { factors, grey }: Light,
): void {
  const source = sprite.data;
  const target = picture.data;
  const red = Math.round(factors[0] * 256);
  const green = Math.round(factors[1] * 256);
  const blue = Math.round(factors[2] * 256);
  const first = Math.max(0, -left);
  const last = Math.min(sprite.width, picture.width - left);
  const step = mirrored ? -4 : 4;
  let from = (spriteRow * sprite.width + (mirrored ? sprite.width - 1 - first : first)) * 4;
  let to = (row * picture.width + left + first) * 3;
  for (let column = first; column < last; column++, from += step, to += 3) {
    const opacity = source[from + 3]!;
    if (opacity === 0) continue;
    const alpha = opacity + (opacity >> 7);
    let r = source[from]!;
    let g = source[from + 1]!;
    let b = source[from + 2]!;
    if (grey) r = g = b = (r * 77 + g * 150 + b * 29) >> 8;
    const r0 = target[to]!;
    const g0 = target[to + 1]!;
    const b0 = target[to + 2]!;
    target[to] = r0 + (((((r * red) >> 8) - r0) * alpha) >> 8);
    target[to + 1] = g0 + (((((g * green) >> 8) - g0) * alpha) >> 8);
    target[to + 2] = b0 + (((((b * blue) >> 8) - b0) * alpha) >> 8);
  }
}
