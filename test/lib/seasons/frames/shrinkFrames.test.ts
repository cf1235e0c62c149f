import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { crc32 } from 'node:zlib';
import { openPackedFrames, shrinkFrames } from '../../../../lib/seasons';
import { FramePack } from '../../../../lib/seasons/frames/framePack';
import { temporaryFolder } from '../../../support/folders';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder(), ...parts);

/** Packs photographs as if they had been fetched. */
async function packed(photographs: Readonly<Record<string, Buffer>>): Promise<string> {
  const pack = new FramePack(at('frames'));
  for (const [name, data] of Object.entries(photographs)) await pack.write(name, data);
  await pack.pack(
    Object.entries(photographs).map(([name, data]) => ({ name, crc32: crc32(data) })),
    [],
  );
  return at('frames');
}

/** Two thirds as high as wide, on its side as its EXIF says. */
function photograph(width: number): Promise<Buffer> {
  return sharp({ create: { width, height: (width * 2) / 3, channels: 3, background: '#886644' } })
    .withMetadata({ orientation: 6 })
    .withExifMerge({ IFD3: { GPSLatitude: '2/1 19/1 0/1' } })
    .jpeg()
    .toBuffer();
}

it('an undecodable photograph is listed and the others are shrunk', async () => {
  const frames = await packed({ 'S1/a.JPG': await photograph(1200), 'S1/b.JPG': Buffer.from('nothing') });
  expect(await shrinkFrames({ frames, directory: at('small') })).toMatchObject({ entries: 1, rejected: 1 });
  expect(await readFile(at('small', 'rejected.csv'), 'utf8')).toContain('S1/b.JPG,cannot be decoded');
});

it('copies are upright, no longer than 480 pixels, never larger than they were, and carry no place', async () => {
  const frames = await packed({ 'S1/a.JPG': await photograph(1200), 'S1/b.JPG': await photograph(90) });
  await shrinkFrames({ frames, directory: at('small') });
  const small = await openPackedFrames(at('small'));
  const facts = await Promise.all(
    ['S1/a.JPG', 'S1/b.JPG'].map(async (name) => sharp(await small.read(name)).metadata()),
  );
  expect(facts.map(({ width, height }) => [width, height])).toEqual([
    [320, 480],
    [60, 90],
  ]);
  expect(facts.map(({ exif }) => exif)).toEqual([undefined, undefined]);
});

it('a stop ends it, and the next call finishes', async () => {
  const frames = await packed({ 'S1/a.JPG': await photograph(600) });
  const stop = AbortSignal.abort();
  await expect(shrinkFrames({ frames, directory: at('small') }, { signal: stop })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(await shrinkFrames({ frames, directory: at('small') })).toMatchObject({ entries: 1 });
});
