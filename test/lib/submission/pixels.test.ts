import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { Box } from '../../../lib/contracts/detection';
import type { Preprocessing } from '../../../lib/contracts/preprocessing';
import { serengetiHome } from '../../../lib/io/home';
import { decodeFrame } from '../../../lib/model/features';
import { temporaryFolder } from '../../support/folders';
import { runners } from './support/programs';

// Python takes its time to load TensorFlow on a busy machine.

const folder = temporaryFolder();
const MAIN = join(__dirname, '../../../lib/submission/programs/main.py');
const PHOTOGRAPHS = join(serengetiHome(), 'native', 'photographs');

const input = (width: number, height: number, fit: Preprocessing['fit']): Preprocessing => ({
  ...{ width, height, fit },
  channels: 'RGB',
});
/** Square and not, upright too, with the photographs' shape kept or not. */
const INPUTS: readonly (readonly [Preprocessing, Box | null])[] = [
  [input(224, 224, 'stretch'), null],
  [input(512, 384, 'stretch'), null],
  [input(224, 224, 'letterbox'), null],
  [input(512, 384, 'letterbox'), null],
  [input(210, 333, 'letterbox'), null],
  // A large animal, and a tall one at the edge.
  [input(64, 64, 'stretch'), [0.1, 0.05, 0.8, 0.7]],
  [input(48, 64, 'letterbox'), [0.815, 0.4, 0.185, 0.6]],
];

/**
 * Wide and tall, turned by their cameras, grey; one smaller than the inputs, whose cubic enlargement rounds its own way. Of
 * some sizes, places come to lie exactly between two 64ths of a pixel, and libvips rounds as its sums happen to: not these,
 * but squares that are cut out may be, along rows and along columns.
 */
async function writePhotographs(directory: string): Promise<void> {
  const [first, second, third] = (await readdir(PHOTOGRAPHS)).filter((name) => name.endsWith('.jpg')).sort();
  const scaled = (name: string, width: number, height: number) =>
    sharp(join(PHOTOGRAPHS, name)).resize(width, height, { fit: 'fill' });
  const variants = {
    'wide.jpg': scaled(first!, 2048, 1536).jpeg(),
    'panorama.jpg': scaled(second!, 1801, 777).jpeg(),
    'tall.jpg': scaled(third!, 1021, 1707).jpeg(),
    'turned.jpg': scaled(first!, 1500, 1103).withMetadata({ orientation: 6 }).jpeg(),
    'upside-down.jpg': scaled(second!, 1103, 1500).withMetadata({ orientation: 3 }).jpeg(),
    'mirrored.jpg': scaled(third!, 1296, 1203).withMetadata({ orientation: 5 }).jpeg(),
    'grey.jpg': scaled(second!, 1333, 1000).greyscale().jpeg(),
    'drawn.png': scaled(first!, 1400, 1000).png(),
    'small.jpg': scaled(third!, 100, 75).jpeg(),
  };
  await mkdir(directory, { recursive: true });
  for (const [name, image] of Object.entries(variants)) await writeFile(join(directory, name), await image.toBuffer());
}

function mostApart(ours: Uint8Array, theirs: Uint8Array): number {
  if (Buffer.compare(ours, theirs) === 0) return 0;
  return ours.reduce((most, value, at) => Math.max(most, Math.abs(value - theirs[at]!)), 0);
}

test('every Python puts photographs into the input as Node does, pixel by pixel', async () => {
  await cp(MAIN, join(folder(), 'main.py'));
  await writeFile(join(folder(), 'inputs.json'), JSON.stringify(INPUTS));
  await writePhotographs(join(folder(), 'data'));
  const names = (await readdir(join(folder(), 'data'))).sort();
  const ours: { readonly what: string; readonly pixels: Uint8Array; readonly rounding: number }[] = [];
  for (const [preprocessing, box] of INPUTS) {
    for (const name of names) {
      const { pixels } = await decodeFrame(await readFile(join(folder(), 'data', name)), preprocessing, box);
      const what = `${name} at ${JSON.stringify(preprocessing)}, ${JSON.stringify(box)}`;
      ours.push({ what, pixels, rounding: box === null ? Number(name === 'small.jpg') : 2 });
    }
  }
  const pythons = runners().filter(({ command: [, program] }) => program === 'main.py');
  expect(pythons.length).toBeGreaterThan(0);
  for (const { name: python, command } of pythons) {
    const output = join(folder(), 'pixels.bin');
    await promisify(execFile)(command[0], [join(__dirname, 'support/load_frames.py'), folder(), output]);
    let theirs: Uint8Array = await readFile(output);
    for (const { what, pixels, rounding } of ours) {
      const apart = mostApart(pixels, theirs.subarray(0, pixels.length));
      expect({ python, what, apart: Math.max(0, apart - rounding) }).toEqual({ python, what, apart: 0 });
      theirs = theirs.subarray(pixels.length);
    }
    expect(theirs).toHaveLength(0);
  }
});
