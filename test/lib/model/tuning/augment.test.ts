import { tensorflow } from '../../../../lib/model/runtime';
import { Random } from '../../../../lib/model/random';
import { augmentedImages, plainImages } from '../../../../lib/model/tuning/augment';

const size = { width: 3, height: 2 };
const NONE = { flip: false, crop: 0, brightness: 0 };
/** Red counts the places, row by row. */
const photograph = Uint8Array.from({ length: 18 }, (_, i) => (i % 3 === 0 ? 10 * (1 + i / 3) : 0));

function red(augmentation: typeof NONE, seed: number, copies = 1): number[][] {
  const tf = tensorflow();
  const photographs = Array.from({ length: copies }, () => photograph);
  const images = augmentedImages(photographs, size, augmentation, new Random(seed));
  const values = images.slice([0, 0, 0, 0], [copies, 2, 3, 1]).dataSync<'float32'>();
  tf.dispose(images);
  return Array.from({ length: copies }, (_, copy) => [...values.slice(copy * 6, copy * 6 + 6)]);
}

test('without any variation a photograph stays as it is', () => {
  const tf = tensorflow();
  const plain = plainImages([photograph], size);
  expect([...plain.dataSync()]).toEqual([...photograph]);
  tf.dispose(plain);
  expect(red(NONE, 1)[0]).toEqual([10, 20, 30, 40, 50, 60]);
});

test('in a batch of more than 256, each is made of its own photograph', () => {
  const photographs = Array.from({ length: 700 }, (_, number) => {
    const pixels = new Uint8Array(18).fill(number % 256);
    pixels[0] = number >> 8;
    return pixels;
  });
  const images = augmentedImages(photographs, size, NONE, new Random(1));
  const values = images.dataSync();
  images.dispose();
  for (const [number, pixels] of photographs.entries()) {
    expect([...values.slice(18 * number, 18 * number + 18)]).toEqual([...pixels]);
  }
});

test('flip exchanges left and right in about every second', () => {
  const rows = red({ ...NONE, flip: true }, 1, 400).map((row) => row.join(' '));
  expect([...new Set(rows)].sort()).toEqual(['10 20 30 40 50 60', '30 20 10 60 50 40']);
  const flipped = rows.filter((row) => row.startsWith('30')).length;
  expect(flipped).toBeGreaterThan(150);
  expect(flipped).toBeLessThan(250);
});

test('crop shows a part of it, enlarged', () => {
  for (const row of red({ ...NONE, crop: 0.5 }, 1, 50)) {
    const width = row[2]! - row[0]!;
    expect(width).toBeGreaterThanOrEqual(9.9); // half of what it was
    expect(width).toBeLessThanOrEqual(20.1);
    expect(Math.min(...row)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...row)).toBeLessThanOrEqual(60);
  }
});

test('brightness multiplies, and stays within the range of pixels', () => {
  const factors = red({ ...NONE, brightness: 0.4 }, 1, 200).map((row) => row[0]! / 10);
  expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.6);
  expect(Math.max(...factors)).toBeLessThanOrEqual(1.4);
  expect(Math.max(...factors) - Math.min(...factors)).toBeGreaterThan(0.6);
  const white = augmentedImages([new Uint8Array(18).fill(255)], size, { ...NONE, brightness: 0.9 }, new Random(2));
  expect(Math.max(...white.dataSync())).toBeLessThanOrEqual(255);
  white.dispose();
});

test('the seed decides', () => {
  const all = { flip: true, crop: 0.3, brightness: 0.3 };
  expect(red(all, 1, 5)).toEqual(red(all, 1, 5));
  expect(red(all, 1, 5)).not.toEqual(red(all, 2, 5));
});

test('nothing is left in TensorFlow’s memory', () => {
  const before = tensorflow().memory().numTensors;
  red({ flip: true, crop: 0.3, brightness: 0.3 }, 1, 5);
  expect(tensorflow().memory().numTensors).toBe(before + 1); // the slice that `red` reads
});
