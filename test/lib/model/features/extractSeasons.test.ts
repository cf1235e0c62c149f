import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SerengetiError } from '../../../../lib/contracts/errors';
import type { Progress } from '../../../../lib/contracts/progress';
import { extractSeasons, type SeasonsInput } from '../../../../lib/model/features';
import { readIds } from '../../../../lib/metadata';
import { temporaryFolder } from '../../../support/folders';
import { photograph, pickedFrame, PREPROCESSING, writeTinyBackbone } from '../support';

const folder = temporaryFolder();
const SEASONS = ['S2', 'S1'];
const COUNT = 6;
/** A photograph a season: the seasons' frames share their names. */
let photographs: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  photographs = new Map([
    ['S1', await photograph(1)],
    ['S2', await photograph(2)],
  ]);
});

beforeEach(async () => {
  await writeTinyBackbone(join(folder(), 'backbone'));
});

const readFrame = async (season: string) => photographs.get(season)!;

function input(draft: string, rest: Partial<SeasonsInput> = {}): SeasonsInput {
  return {
    frames: Array.from({ length: COUNT }, (_, number) => pickedFrame(number >> 1, { season: SEASONS[number % 2] })),
    readFrame,
    featureModelDirectory: join(folder(), 'backbone'),
    preprocessing: PREPROCESSING,
    directory: join(folder(), draft),
    ...rest,
  };
}

test('a season that fails leaves the ones before it, and the next call goes on with it', async () => {
  const broken = async (season: string) => {
    if (season === 'S1') throw new SerengetiError('FRAME_MISSING', 'no S1/1.JPG');
    return readFrame(season);
  };
  await expect(extractSeasons(input('a', { readFrame: broken }))).rejects.toMatchObject({ code: 'FRAME_MISSING' });
  const read: string[] = [];
  const counted = async (season: string) => {
    read.push(season);
    return readFrame(season);
  };
  const seen: Progress[] = [];
  await extractSeasons(input('a', { readFrame: counted }), { onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)).toMatchObject({ done: COUNT, reused: COUNT / 2 });
  expect(read).toEqual(['S1', 'S1', 'S1']);
  await extractSeasons(input('undisturbed'));
  for (const season of SEASONS)
    expect(await readFile(join(folder(), 'a', season, 'features.npy'))).toEqual(
      await readFile(join(folder(), 'undisturbed', season, 'features.npy')),
    );
});

test('frames of one name in two seasons are two frames', async () => {
  const folders = await extractSeasons(input('a'));
  expect(folders).toEqual(SEASONS.map((season) => ({ season, directory: join(folder(), 'a', season) })));
  const [first, second] = folders.map(({ directory }) => directory);
  expect(await readIds(join(first!, 'ids.parquet'))).toEqual(await readIds(join(second!, 'ids.parquet')));
  expect(await readFile(join(first!, 'features.npy'))).not.toEqual(await readFile(join(second!, 'features.npy')));
});

test('progress counts over all seasons', async () => {
  const seen: Progress[] = [];
  await extractSeasons(input('a'), { onProgress: (progress) => seen.push(progress) });
  const done = seen.map((progress) => progress.done);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([COUNT]));
  expect(seen.at(-1)).toMatchObject({ done: COUNT, total: COUNT });
});
