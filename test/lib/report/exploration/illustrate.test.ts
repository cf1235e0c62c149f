import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import type { GallerySequence } from '../../../../lib/contracts/exploration';
import { illustrate, takingTurns } from '../../../../lib/report/exploration/illustrate';

const sequence = (name: string, ...labels: string[]): GallerySequence => ({
  season: 'S1',
  site: 'B01',
  sequence: name,
  labels,
  fileNames: [`${name}-1.JPG`, `${name}-2.JPG`],
});

/** As large as a photograph can get. */
async function noise(): Promise<Buffer> {
  const [width, height] = [480, 360];
  return await sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

test('classes take turns, in their order; a sequence of two comes once', () => {
  const sequences = [
    sequence('a', 'zebra'),
    sequence('b', 'zebra', 'topi'),
    sequence('c', 'topi'),
    sequence('d', 'empty'),
  ];
  expect(takingTurns(sequences).map((one) => one.sequence)).toEqual(['d', 'b', 'a', 'c']);
});

test('of each class a dozen is enough', () => {
  expect(takingTurns(Array.from({ length: 50 }, (_, index) => sequence(String(index), 'zebra')))).toHaveLength(12);
});

test('leaves out sequences without any photograph, and says which frames are missing in others', async () => {
  const photograph = await noise();
  const shown = await illustrate(
    [sequence('gone', 'zebra'), sequence('half', 'zebra')],
    async (_, fileName) => (fileName === 'half-2.JPG' ? photograph : undefined),
    {},
  );
  expect(shown.map((one) => one.sequence)).toEqual(['half']);
  expect(shown[0]!.frames.map(({ image }) => image !== undefined)).toEqual([false, true]);
});

test('stops before the page is too large', async () => {
  const photograph = await noise();
  const classes = Array.from({ length: 60 }, (_, index) => `class ${index}`);
  const many = classes.flatMap((label) => [sequence(`${label} a`, label), sequence(`${label} b`, label)]);
  const shown = await illustrate(many, async () => photograph, {});
  const bytes = shown.flatMap(({ frames }) => frames).reduce((sum, { image }) => sum + image!.url.length, 0);
  expect(bytes).toBeLessThan(7_500_000);
  expect(bytes).toBeGreaterThan(7_000_000);
});

test('can be stopped', async () => {
  const controller = new AbortController();
  const reading = illustrate(
    [sequence('a', 'zebra'), sequence('b', 'topi')],
    async () => {
      controller.abort(new Error('enough'));
      return undefined;
    },
    { signal: controller.signal },
  );
  await expect(reading).rejects.toThrow('enough');
});
