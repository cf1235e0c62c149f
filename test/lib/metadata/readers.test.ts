import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PickedFrame } from '../../../lib/contracts/pick';
import { readPickedFrames, readShards, streamPickedFrames } from '../../../lib/metadata';
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

it('streams them in the same order', async () => {
  const streamed: PickedFrame[] = [];
  for await (const frames of streamPickedFrames(pick.directory, { season: 'S2' })) streamed.push(...frames);

  expect(streamed).toEqual(await readPickedFrames(pick.directory, { season: 'S2' }));
});

it('stops streaming when the reader has enough, or when it is told to', async () => {
  for await (const frames of streamPickedFrames(pick.directory)) {
    expect(frames.length).toBeGreaterThan(0);
    break;
  }
  const stopped = streamPickedFrames(pick.directory, {}, AbortSignal.abort(new Error('stopped')));
  await expect(stopped.next()).rejects.toThrow('stopped');
});

it('lists the shards that have frames', async () => {
  const shards = await readShards(pick.directory);

  expect(shards.map(({ season, shard }) => `${season}/${shard}`)).toEqual([
    'S1/0',
    'S1/1',
    'S1/2',
    'S1/3',
    'S2/0',
    'S2/1',
    'S2/2',
    'S2/3',
  ]);
  expect(shards.reduce((sum, { frames }) => sum + frames, 0)).toBe(600);
});
