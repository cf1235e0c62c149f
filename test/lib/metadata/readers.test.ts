import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PickedFrame } from '../../../lib/contracts/pick';
import { readPickedFrames } from '../../../lib/metadata';
import { indexedSeasons, manySequences, picked, type Picked } from './support/seasons';

let folder: string;
let pick: Picked;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-test-'));
  const seasons = await indexedSeasons(folder, { S1: manySequences('S1', 100), S2: manySequences('S2', 100) });
  pick = await picked(folder, seasons, { perSequence: 'all' }, { framesPerShard: 25 });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('reads the frames of a season, a shard, a split', async () => {
  const all = await readPickedFrames(pick.directory);
  const filters: [Parameters<typeof readPickedFrames>[1], (frame: PickedFrame) => boolean][] = [
    [{ season: 'S2' }, (frame) => frame.season === 'S2'],
    [{ season: 'S1', shard: 3 }, (frame) => frame.season === 'S1' && frame.shard === 3],
    [{ split: 'train' }, (frame) => frame.split === 'train'],
    [{ season: 'S1', split: 'validation' }, () => false],
  ];

  expect(all).toHaveLength(600);
  for (const [filter, keeps] of filters) {
    expect(await readPickedFrames(pick.directory, filter)).toEqual(all.filter(keeps));
  }
});
