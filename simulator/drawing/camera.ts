import sharp from 'sharp';
import type { Random } from '../random';
import { timestamp } from '../plan/names';
import type { Picture } from './raster';

/** Length of the table of noise; a prime, so that rows do not repeat each other. */
const NOISE_LENGTH = 65_521;

/** What the sensor adds: normally distributed noise of deviation 1, in 64ths. */
export function noiseTable(random: Random): Int16Array {
  return Int16Array.from({ length: NOISE_LENGTH }, () => Math.round(64 * random.normal()));
}

export interface Exposure {
  /** Deviation of the noise, in steps of 256. */
  readonly noise: number;
  readonly gain: number;
  /** The scene's channels are equal, and the frame's are to be. */
  readonly grey: boolean;
}

/** Develops a scene into the upper part of a frame: vignette, exposure, noise. */
export function expose(
  scene: Picture,
  frame: Picture,
  factors: Uint16Array,
  table: Int16Array,
  { noise, gain, grey }: Exposure,
  random: Random,
): void {
  const from = scene.data;
  const to = frame.data;
  const exposure = Math.round(gain * 256);
  const strength = Math.round(noise * 4);
  for (let row = 0; row < scene.height; row++) {
    let grain = random.integer(0, NOISE_LENGTH - 1);
    const end = (row + 1) * scene.width;
    for (let pixel = row * scene.width, at = pixel * 3; pixel < end; pixel++, at += 3) {
      const factor = (factors[pixel]! * exposure) >> 8;
      const speck = (table[grain]! * strength) >> 8;
      grain = grain === NOISE_LENGTH - 1 ? 0 : grain + 1;
      if (grey) {
        to[at] = to[at + 1] = to[at + 2] = ((from[at]! * factor) >> 8) + speck;
      } else {
        to[at] = ((from[at]! * factor) >> 8) + speck;
        to[at + 1] = ((from[at + 1]! * factor) >> 8) + speck;
        to[at + 2] = ((from[at + 2]! * factor) >> 8) + speck;
      }
    }
  }
}

/** Compresses a frame as the camera would, with the EXIF tags that cameras write. */
export async function toJpeg(frame: Picture, quality: number, time: number): Promise<Buffer> {
  const moment = timestamp(time).replace('-', ':').replace('-', ':');
  const { width, height, data } = frame;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .withExif({
      IFD0: { Make: 'SIMCAM', Model: 'SIMCAM SG-1', DateTime: moment },
      IFD2: { DateTimeOriginal: moment, DateTimeDigitized: moment },
    })
    .jpeg({ quality })
    .toBuffer();
}
