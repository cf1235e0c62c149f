import { link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { Random } from '../lib/model/random';
import { pathExists, writeFileAtomic } from '../lib/io/files';

const WIDTH = 2048;
const HEIGHT = 1536;
/** Different pictures; the frames of a measurement are links to them. */
const PICTURES = 64;

/**
 * Makes camera-trap-sized JPEGs: soft forms with grain, 2048×1536, some hundred kilobytes each.
 *
 * @returns their paths; they are kept in the folder for the next measurement
 */
export async function makePhotographs(folder: string, frames: number): Promise<string[]> {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures, { recursive: true });
  const grain = await makeGrain();
  for (let number = 0; number < PICTURES; number++) {
    const path = join(pictures, `${number}.jpg`);
    if (!(await pathExists(path))) await writeFileAtomic(path, await makePicture(number, grain));
  }
  const links = join(folder, 'frames');
  await rm(links, { recursive: true, force: true });
  await mkdir(links);
  const paths = Array.from({ length: frames }, (_, frame) => join(links, `${String(frame).padStart(6, '0')}.jpg`));
  for (const [frame, path] of paths.entries()) await link(join(pictures, `${frame % PICTURES}.jpg`), path);
  return paths;
}

async function makeGrain(): Promise<Buffer> {
  const random = new Random(1);
  const noise = Buffer.from(Uint8Array.from({ length: WIDTH * HEIGHT }, () => 108 + random.below(40)));
  return await sharp(noise, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

async function makePicture(number: number, grain: Buffer): Promise<Buffer> {
  const random = new Random(2, number);
  const forms = Buffer.from(Uint8Array.from({ length: 64 * 48 * 3 }, () => random.below(256)));
  const soft = sharp(forms, { raw: { width: 64, height: 48, channels: 3 } }).resize(WIDTH, HEIGHT, { fit: 'fill' });
  return await soft
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 88 })
    .toBuffer();
}
