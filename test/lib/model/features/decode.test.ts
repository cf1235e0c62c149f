import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import type { Preprocessing } from '../../../../lib/contracts/preprocessing';
import { decodeFrame } from '../../../../lib/model/features/decode';

const FIXTURES = join(__dirname, 'fixtures');
/** Made by scripts/golden/preprocessing.py with Pillow: base64 of width × height × 3 values. */
const golden = JSON.parse(readFileSync(join(FIXTURES, 'preprocessing.json'), 'utf8')) as {
  width: number;
  height: number;
  pixels: Record<string, string>;
};
const preprocessing: Preprocessing = { width: golden.width, height: golden.height, channels: 'RGB', fit: 'stretch' };

const photograph = (name: string) => readFileSync(join(FIXTURES, `${name}.jpg`));

describe('a file that is no photograph', () => {
  test.each([
    ['empty', Buffer.alloc(0), /empty/],
    ['text', Buffer.from('not a photograph'), /unsupported image format/],
    ['a JPEG that ends in its header', photograph('shrunk').subarray(0, 100), /premature end|header/],
    ['a BMP', Buffer.from('BM\x1e\0\0\0\0\0'), 'The file is a BMP, whatever its name says'],
    ['a HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'The file is a HEIC photograph, whatever'],
    ['a video', Buffer.from('RIFF\x24\0\0\0AVI LIST'), 'The file is a video (AVI), whatever'],
    ['a page', Buffer.from('\n<!doctype html><title>404</title>'), 'The file is a web page, whatever'],
    ['AppleDouble', Buffer.from('\0\x05\x16\x07\0\x02\0\0Mac OS X'), '(AppleDouble)'],
    ['zeros', Buffer.alloc(5000), 'The file is nothing but zeros, as damaged cards give'],
  ])('%s: the reason is given', async (_, file, reason) => {
    await expect(decodeFrame(file, preprocessing)).rejects.toMatchObject({
      code: 'FRAME_UNREADABLE',
      message: typeof reason === 'string' ? expect.stringContaining(reason) : expect.stringMatching(reason),
    });
  });
});

describe('size', () => {
  /** A PNG that says how large it is, and holds nothing. */
  const promising = async (width: number, height: number) => {
    const file = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'black' } })
      .png()
      .toBuffer();
    file.writeUInt32BE(width, 16);
    file.writeUInt32BE(height, 20);
    file.writeUInt32BE(crc32(file.subarray(12, 29)), 29);
    return file;
  };

  test('a photograph beyond 500 million pixels is refused before it is decoded', async () => {
    await expect(decodeFrame(await promising(30_000, 20_000), preprocessing)).rejects.toMatchObject({
      code: 'FRAME_UNREADABLE',
      message: 'The photograph has 30000×20000 pixels; up to 500 million are read',
    });
  });

  test('a panorama of 20,000×20,000 pixels is read', async () => {
    const size = { width: 20_000, height: 20_000 };
    const panorama = await sharp({ create: { ...size, channels: 3, background: '#c86432' }, limitInputPixels: false })
      .jpeg()
      .toBuffer();
    const { pixels, truncated } = await decodeFrame(panorama, preprocessing);
    expect(truncated).toBe(false);
    for (const [channel, value] of [200, 100, 50].entries()) expect(Math.abs(pixels[channel]! - value)).toBeLessThan(4);
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

describe('a photograph with restart markers', () => {
  const whole = photograph('restarts');

  test.each([0.1, 0.2, 0.4, 0.6, 0.8, 0.95])('cut at %d of its length: is read, and said to be cut', async (share) => {
    const file = whole.subarray(0, Math.floor(whole.length * share));
    const { truncated, pixels } = await decodeFrame(file, preprocessing);
    expect(truncated).toBe(true);
    expect(new Set(pixels.subarray(0, preprocessing.width * 3)).size).toBeGreaterThan(10);
  });

  test('damaged all over: is read, and said to be damaged', async () => {
    const file = Buffer.from(whole);
    for (let at = 1000; at < file.length; at += 19) if (file[at] !== 0xff && file[at - 1] !== 0xff) file[at]! ^= 0x15;
    expect((await decodeFrame(file, preprocessing)).truncated).toBe(true);
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
