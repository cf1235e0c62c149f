import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { serengetiHome } from '../../../../lib/io/home';

/** Twenty ImageNet photographs, named `imagenet_<number>_<class>.jpg`; set-up for tests brings them. */
export const PHOTOGRAPHS = join(serengetiHome(), 'native', 'photographs');

const SIDE = 448;

export function photographFiles(): { file: string; label: number }[] {
  return readdirSync(PHOTOGRAPHS)
    .filter((file) => file.endsWith('.jpg'))
    .sort()
    .map((file) => ({ file, label: Number(file.match(/_(\d+)\.jpg$/)![1]) }));
}

/**
 * The inner 448 × 448 pixels, each two by two averaged: uint8 [224, 224, 3], in whole numbers, so that no library's way
 * of resizing matters. scripts/golden/photographs.py does the same.
 */
export async function loadPhotograph(file: string): Promise<Uint8Array> {
  const image = sharp(join(PHOTOGRAPHS, file)).toColourspace('srgb').removeAlpha();
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const left = Math.floor((info.width - SIDE) / 2);
  const top = Math.floor((info.height - SIDE) / 2);
  const pixels = new Uint8Array((SIDE / 2) ** 2 * 3);
  const value = (x: number, y: number, channel: number) => data[((top + y) * info.width + left + x) * 3 + channel]!;
  for (let position = 0; position < pixels.length; position++) {
    const channel = position % 3;
    const x = 2 * (Math.floor(position / 3) % (SIDE / 2));
    const y = 2 * Math.floor(position / 3 / (SIDE / 2));
    const sum =
      value(x, y, channel) + value(x + 1, y, channel) + value(x, y + 1, channel) + value(x + 1, y + 1, channel);
    pixels[position] = (sum + 2) >> 2;
  }
  return pixels;
}

export function digest(pixels: Uint8Array): string {
  return createHash('sha256').update(pixels).digest('hex');
}
