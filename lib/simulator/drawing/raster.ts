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
  const [red, green, blue] = light.factors;
  const source = sprite.data;
  const target = picture.data;
  const lastRow = Math.min(sprite.height, picture.height - top);
  for (let row = Math.max(0, -top); row < lastRow; row++) {
    const shifted = left + Math.round(lean * (1 - row / sprite.height));
    const first = Math.max(0, -shifted);
    const last = Math.min(sprite.width, picture.width - shifted);
    const step = mirrored ? -4 : 4;
    let from = (row * sprite.width + (mirrored ? sprite.width - 1 - first : first)) * 4;
    let to = ((top + row) * picture.width + shifted + first) * 3;
    for (let column = first; column < last; column++, from += step, to += 3) {
      const alpha = source[from + 3]! / 255;
      if (alpha === 0) continue;
      let r = source[from]!;
      let g = source[from + 1]!;
      let b = source[from + 2]!;
      if (light.grey) r = g = b = luma(r, g, b);
      target[to] = target[to]! * (1 - alpha) + r * red * alpha;
      target[to + 1] = target[to + 1]! * (1 - alpha) + g * green * alpha;
      target[to + 2] = target[to + 2]! * (1 - alpha) + b * blue * alpha;
    }
  }
}

/** Brightness of a colour (ITU-R BT.601). */
export function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
