import sharp from 'sharp';
import type { Random } from '../random';
import { timestamp } from '../plan/names';
import { luma, type Picture } from './raster';

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
  const strength = noise / 64;
  for (let row = 0; row < scene.height; row++) {
    let grain = random.integer(0, NOISE_LENGTH - 1);
    const end = (row + 1) * scene.width;
    for (let pixel = row * scene.width; pixel < end; pixel++) {
      const factor = (factors[pixel]! * gain) / 256;
      const speck = table[grain]! * strength;
      grain = grain === NOISE_LENGTH - 1 ? 0 : grain + 1;
      const at = pixel * 3;
      if (grey) {
        const shade = luma(scene.data[at]!, scene.data[at + 1]!, scene.data[at + 2]!) * factor + speck;
        frame.data[at] = shade;
        frame.data[at + 1] = shade;
        frame.data[at + 2] = shade;
      } else {
        frame.data[at] = scene.data[at]! * factor + speck;
        frame.data[at + 1] = scene.data[at + 1]! * factor + speck;
        frame.data[at + 2] = scene.data[at + 2]! * factor + speck;
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
