import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GallerySequence } from '../../../lib/contracts/exploration';
import { sampleGallery, type GalleryOptions } from '../../../lib/metadata';
import { indexedSeasons, manySequences, picked, type IndexedSeasons } from './support/seasons';

let folder: string;
let seasons: IndexedSeasons;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-test-'));
  seasons = await indexedSeasons(folder, { S1: manySequences('S1', 200), S2: manySequences('S2', 200) });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function sampleOf(
  className: string,
  options: Omit<GalleryOptions, 'classNames'>,
): Promise<readonly GallerySequence[]> {
  const gallery = await sampleGallery(seasons.indexes, { classNames: [className], ...options });
  return gallery.get(className)!;
}

it('draws sequences of a class with all their frames', async () => {
  const sampled = await sampleOf('lionfemale', { seed: 1, count: 100 });

  expect(sampled).toHaveLength(8);
  const one = sampled.find(({ sequence }) => sequence === 'SER_S1#A01#1#8')!;
  expect(one).toEqual({
    season: 'S1',
    site: 'A01',
    sequence: 'SER_S1#A01#1#8',
    labels: ['lionfemale', 'zebra'],
    datetime: '2010-07-01 06:24:00',
    fileNames: [24, 25, 26].map((number) => `S1/A01/A01_R1/S1_A01_R1_PICT00${number}.JPG`),
  });
});

it('draws the same by the same seed, others by another, and more when more are wanted', async () => {
  const draw = async (seed: number, count: number): Promise<string[]> =>
    (await sampleOf('zebra', { seed, count })).map(({ sequence }) => sequence);
  const first = await draw(1, 5);

  expect(first).toHaveLength(5);
  expect(await draw(1, 5)).toEqual(first);
  expect(await draw(2, 5)).not.toEqual(first);
  expect((await draw(1, 10)).slice(0, 5)).toEqual(first);
});

it('draws for several classes at once, nothing for one that never occurs', async () => {
  const gallery = await sampleGallery(seasons.indexes, {
    classNames: ['zebra', 'quagga', 'buffalo'],
    seed: 1,
    count: 3,
  });

  expect([...gallery].map(([className, sequences]) => [className, sequences.length])).toEqual([
    ['zebra', 3],
    ['quagga', 0],
    ['buffalo', 3],
  ]);
});

it('draws among picked frames only, where a pick is given', async () => {
  const { directory, frames } = await picked(folder, seasons, { maxPerClass: 3, maxValidation: 10 });
  const options = { seed: 1, count: 100, pick: directory };
  const shown = (await sampleOf('zebra', options)).flatMap(({ fileNames }) => fileNames);

  expect(shown.sort()).toEqual(
    frames
      .filter(({ labels }) => labels.includes('zebra'))
      .map(({ fileName }) => fileName)
      .sort(),
  );
});
