import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { InputSize } from '../../contracts/preprocessing';
import type { FineTuneOptions } from '../../contracts/runInput';
import type { Random } from '../random';
import { tensorflow } from '../runtime';

/** Decoded photographs as they are: float32 [photographs, height, width, 3] of 0–255. */
export function plainImages(photographs: readonly Uint8Array[], { width, height }: InputSize): Tensor4D {
  const values = new Float32Array(photographs.length * width * height * 3);
  photographs.forEach((pixels, position) => values.set(pixels, position * width * height * 3));
  return tensorflow().tensor4d(values, [photographs.length, height, width, 3]);
}

/** The same, each cropped, mirrored and lit as chance has it. */
export function augmentedImages(
  photographs: readonly Uint8Array[],
  size: InputSize,
  { flip, crop, brightness }: FineTuneOptions['augmentation'],
  random: Random,
): Tensor4D {
  const tf = tensorflow();
  const boxes = photographs.map(() => boxOf(crop, flip && random.uniform() < 0.5, random));
  const light = photographs.map(() => 1 + brightness * (2 * random.uniform() - 1));
  return tf.tidy((): Tensor4D => {
    const images = plainImages(photographs, size);
    const which = tf.tensor1d(Int32Array.from(photographs.keys()), 'int32');
    // A box whose right edge is left of its left edge gives the mirror image.
    const cropped = tf.image.cropAndResize(images, tf.tensor2d(boxes), which, [size.height, size.width]);
    return cropped.mul<Tensor4D>(tf.tensor4d(light, [light.length, 1, 1, 1])).clipByValue(0, 255) as Tensor4D;
  });
}

/** A part of a photograph: [top, left, bottom, right], 0 and 1 its edges. */
function boxOf(crop: number, mirrored: boolean, random: Random): [number, number, number, number] {
  const [top, bottom] = spanOf(crop, random);
  const [left, right] = spanOf(crop, random);
  return mirrored ? [top, right, bottom, left] : [top, left, bottom, right];
}

function spanOf(crop: number, random: Random): [start: number, end: number] {
  const cut = crop * random.uniform();
  const start = cut * random.uniform();
  return [start, start + 1 - cut];
}
