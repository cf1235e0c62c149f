import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PickedFrame } from '../lib/contracts/pick';
import { endOf } from '../lib/io/files';
import { writeIds } from '../lib/metadata';
import { npyHeader } from '../lib/model/npy';
import { Random } from '../lib/model/random';

/** Of EfficientNet-Lite0. */
export const WIDTH = 1280;
/** As many as Snapshot Serengeti has. */
export const CLASSES = Array.from({ length: 54 }, (_, label) => `class-${label}`);
const SITES = 200;
/** Spread of a feature between classes, and between sites, where it is 1 within them. */
const BETWEEN = 0.25;
const ROWS_AT_ONCE = 2000;

/** Picked frames, each a sequence: half of them of the first class, the further ones ever rarer. */
export function drawnFrames(count: number): PickedFrame[] {
  return Array.from({ length: count }, (_, row) => ({
    season: 'S1',
    fileName: `${row}.JPG`,
    crc32: null,
    site: `site-${siteOf(row)}`,
    sequence: String(row),
    hour: null,
    rank: 1,
    split: 'train',
    shard: 0,
    labels: [CLASSES[classOf(row)]!],
  }));
}

/** A features artifact of these frames: most of what varies lies in a few directions, as with real ones. */
export async function drawFeatures(directory: string, frames: readonly PickedFrame[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  const random = new Random(1);
  const spread = Float64Array.from({ length: WIDTH }, (_, feature) => 1 / Math.sqrt(1 + feature / 10));
  const centres = drawn(CLASSES.length * WIDTH, random, BETWEEN);
  const backgrounds = drawn(SITES * WIDTH, random, BETWEEN);
  const stream = createWriteStream(join(directory, 'features.npy'));
  stream.write(npyHeader(frames.length, WIDTH));
  for (let start = 0; start < frames.length; start += ROWS_AT_ONCE) {
    const values = drawn(Math.min(ROWS_AT_ONCE, frames.length - start) * WIDTH, random, 1);
    values.forEach((value, at) => {
      const [row, feature] = [start + Math.floor(at / WIDTH), at % WIDTH];
      const centre = centres[classOf(row) * WIDTH + feature]! + backgrounds[siteOf(row) * WIDTH + feature]!;
      values[at] = (value + centre) * spread[feature]!;
    });
    if (!stream.write(Buffer.from(values.buffer))) await once(stream, 'drain');
  }
  await endOf(stream);
  await writeIds(
    join(directory, 'ids.parquet'),
    frames.map(({ fileName, crc32 }) => ({ fileName, crc32, truncated: false })),
  );
}

/** Sums of uniform numbers, close enough to normal here. */
function drawn(count: number, random: Random, deviation: number): Float32Array {
  return Float32Array.from({ length: count }, () => {
    const sum = random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2;
    return sum * Math.sqrt(3) * deviation;
  });
}

function classOf(row: number): number {
  const share = ((row * 7919) % 10_007) / 10_007;
  return row % 2 === 0 ? 0 : 1 + Math.floor((CLASSES.length - 1) * share ** 2);
}

function siteOf(row: number): number {
  return ((row * 104_729) % 10_009) % SITES;
}
