import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Preprocessing } from '../../../../lib/contracts/model';
import { decodeFrame } from '../../../../lib/model/features/decode';

const FIXTURES = join(__dirname, 'fixtures');
/** Made by scripts/golden/preprocessing.py with Pillow: base64 of width × height × 3 values. */
const golden = JSON.parse(readFileSync(join(FIXTURES, 'preprocessing.json'), 'utf8')) as {
  width: number;
  height: number;
  pixels: Record<string, string>;
};
const preprocessing: Preprocessing = { width: golden.width, height: golden.height, channels: 'RGB', resize: 'stretch' };

const photograph = (name: string) => readFileSync(join(FIXTURES, `${name}.jpg`));

describe('a file that is no photograph', () => {
  test.each([
    ['empty', Buffer.alloc(0), /empty/],
    ['text', Buffer.from('not a photograph'), /unsupported image format/],
    ['a JPEG that ends in its header', photograph('shrunk').subarray(0, 100), /premature end|header/],
  ])('%s: the reason is given', async (_, file, reason) => {
    await expect(decodeFrame(file, preprocessing)).rejects.toMatchObject({
      code: 'FRAME_UNREADABLE',
      message: expect.stringMatching(reason),
    });
  });
});

describe('a truncated photograph', () => {
  test('gives what it holds, and says so', async () => {
    const { truncated, pixels } = await decodeFrame(photograph('truncated'), preprocessing);
    expect(truncated).toBe(true);
    expect(Array.from(pixels.subarray(-3))).toEqual([128, 128, 128]);
    expect(new Set(pixels.subarray(0, preprocessing.width * 3)).size).toBeGreaterThan(10);
  });

  test('is recognised wherever it ends', async () => {
    const whole = photograph('shrunk');
    for (const share of [0.4, 0.7, 0.95]) {
      const file = whole.subarray(0, Math.floor(whole.length * share));
      expect((await decodeFrame(file, preprocessing)).truncated).toBe(true);
    }
    expect((await decodeFrame(whole, preprocessing)).truncated).toBe(false);
  });
});

describe('the pixels agree with Pillow', () => {
  test.each(Object.keys(golden.pixels))('%s', async (name) => {
    const expected = Buffer.from(golden.pixels[name]!, 'base64');
    const { pixels } = await decodeFrame(photograph(name), preprocessing);
    expect(pixels).toHaveLength(expected.length);
    const differences = Array.from(pixels, (value, position) => Math.abs(value - expected[position]!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(6);
    expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(0.75);
  });
});

test('transparency is dropped: the colours underneath remain', async () => {
  const { width, height } = preprocessing;
  const file = await sharp({ create: { width, height, channels: 4, background: { r: 200, g: 100, b: 50, alpha: 0 } } })
    .png()
    .toBuffer();
  const { pixels } = await decodeFrame(file, preprocessing);
  expect(Array.from(pixels.subarray(0, 3))).toEqual([200, 100, 50]);
});
