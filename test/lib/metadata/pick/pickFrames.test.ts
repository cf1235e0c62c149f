import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PickedFrame } from '../../../../lib/contracts/pick';
import { pickFrames } from '../../../../lib/metadata';
import { temporaryFolder } from '../../../support/folders';
import { FORMATS } from '../support/formats';
import { indexed } from '../support/indexed';
import { allFrames, catalogOf, sequence } from '../support/season';
import { indexedSeasons, manySequences, picked, type IndexedSeasons } from '../support/seasons';

const folder = temporaryFolder();

/** Three seasons of 200 sequences; S3 has two sites of its own. */
let seasons: IndexedSeasons;
let shared: string;

beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'serengeti-test-'));
  seasons = await indexedSeasons(shared, {
    S1: manySequences('S1', 200),
    S2: manySequences('S2', 200),
    S3: manySequences('S3', 200, ['A01', 'A02', 'B01', 'B02']),
  });
});

afterAll(() => rm(shared, { recursive: true, force: true }));

const sequencesOf = (frames: readonly PickedFrame[], season?: string): string[] => [
  ...new Set(frames.filter((frame) => season === undefined || frame.season === season).map((frame) => frame.sequence)),
];
const isEmpty = ({ labels }: PickedFrame): boolean => labels.join() === 'empty';

describe('frames that stand for a sequence', () => {
  it('are the first of each', async () => {
    const { frames, summary } = await picked(folder(), seasons);

    expect(frames).toHaveLength(600);
    expect(new Set(frames.map(({ rank }) => rank))).toEqual(new Set([1]));
    expect(frames.find((frame) => frame.sequence === 'SER_S1#A01#1#8')).toEqual({
      season: 'S1',
      fileName: 'S1/A01/A01_R1/S1_A01_R1_PICT0024.JPG',
      crc32: null,
      site: 'A01',
      sequence: 'SER_S1#A01#1#8',
      hour: 6,
      rank: 1,
      split: 'train',
      shard: 0,
      labels: ['lionfemale', 'zebra'],
    });
    expect(summary).toEqual({
      trainSequences: 400,
      trainFrames: 400,
      validationSequences: 200,
      validationFrames: 200,
      keptEmpties: 1,
      sharedSites: 2,
      shards: [
        { season: 'S1', shards: 1, frames: 200 },
        { season: 'S2', shards: 1, frames: 200 },
        { season: 'S3', shards: 1, frames: 200 },
      ],
    });
  });

  it('are all of each', async () => {
    const { frames, summary } = await picked(folder(), seasons, { perSequence: 'all' });

    expect(frames).toHaveLength(1800);
    expect(frames.slice(0, 4).map(({ sequence, rank }) => [sequence, rank])).toEqual([
      ['SER_S1#A01#1#0', 1],
      ['SER_S1#A01#1#0', 2],
      ['SER_S1#A01#1#0', 3],
      ['SER_S1#A01#1#100', 1],
    ]);
    expect(summary).toMatchObject({ trainSequences: 400, trainFrames: 1200, validationFrames: 600 });
  });

  it.each<[many: number, ranks: number[]]>([
    [1, [1]],
    [2, [1, 9]],
    [3, [1, 5, 9]],
    [4, [1, 3, 6, 9]],
    [9, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [50, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('are %i spread over it', async (perSequence, ranks) => {
    const long = await indexedSeasons(folder(), {
      S1: [sequence('SER_S1#A01#1#1', ['zebra'], [1, 2, 3, 4, 5, 6, 7, 8, 9])],
      S2: [sequence('SER_S2#A01#1#1', ['zebra'], [1])],
    });
    const { frames } = await picked(folder(), long, { perSequence });

    expect(frames.map(({ season, rank }) => [season, rank])).toEqual([...ranks.map((rank) => ['S1', rank]), ['S2', 1]]);
  });

  it('are never frames that the archive lacks or that cannot be read: the next one is first', async () => {
    const season = [
      sequence('SER_S1#A01#1#1', ['zebra'], [1, 2, 3]),
      sequence('SER_S1#A01#1#2', ['zebra'], [4, 5]),
      sequence('SER_S1#A01#1#3', ['zebra'], [6]),
    ];
    const written = await FORMATS['coco-camera-traps'](folder(), season);
    const text = await readFile(written.files[0]!, 'utf8');
    const unreadable = text.replace(/("file_name": "[^"]*0002.JPG"(.|\n)*?"corrupt": )false/, '$1true');
    await writeFile(written.files[0]!, unreadable);
    const archive = allFrames(season)
      .map(({ name }) => name)
      .filter((name) => !/000[146]\.JPG/.test(name));
    const { directory } = await indexed(folder(), written, { archive });
    const catalog = catalogOf(written.metadata, {}, ['S1', 'S2']);
    const indexes = [
      { season: 'S1', directory },
      { season: 'S2', directory: seasons.indexes[1]!.directory },
    ];

    const first = await picked(folder(), { catalog, indexes });
    const all = await picked(folder(), { catalog, indexes }, { perSequence: 'all' });

    for (const { frames, counts } of [first, all]) {
      expect(
        frames
          .filter((frame) => frame.season === 'S1')
          .map(({ fileName, rank, crc32 }) => [fileName.slice(-8), rank, crc32]),
      ).toEqual([
        ['0003.JPG', 3, 0xffffff01],
        ['0005.JPG', 2, 0xffffff02],
      ]);
      expect(counts.train).toEqual({ before: 2, after: 2 });
      expect(counts.dropped).toEqual([{ split: 'train', reason: 'no frame that can be read', sequences: 1 }]);
    }
  });
});

describe('empty sequences', () => {
  it('are kept in each training season while they are as few as the others, which the prior correction knows', async () => {
    const { frames, counts } = await picked(folder(), seasons, { keepEmpties: undefined });
    const others = (season: string) => frames.filter((frame) => frame.season === season && !isEmpty(frame)).length;

    expect([others('S1'), others('S2')]).toEqual([60, 60]);
    expect(frames.filter(isEmpty).filter(({ season }) => season === 'S1')).toHaveLength(60);
    expect(frames.filter(isEmpty).filter(({ season }) => season === 'S3')).toHaveLength(140);
    expect(counts.samplingRates.empty).toBeCloseTo(120 / 280, 12);
    expect(counts.dropped).toEqual([{ split: 'train', reason: 'empty, beyond those that are kept', sequences: 160 }]);
  });

  it('are dropped to an exact share of each training season, and kept in validation', async () => {
    const { frames, summary, counts } = await picked(folder(), seasons, { keepEmpties: 0.1 });

    expect(frames.filter(isEmpty).filter(({ season }) => season === 'S1')).toHaveLength(14);
    expect(frames.filter(isEmpty).filter(({ season }) => season === 'S2')).toHaveLength(14);
    expect(frames.filter(isEmpty).filter(({ season }) => season === 'S3')).toHaveLength(140);
    expect(summary.keptEmpties).toBeCloseTo(0.1, 12);
    expect(counts.samplingRates).toEqual({ buffalo: 1, empty: 0.1, lionfemale: 1, zebra: 1 });
    expect(counts.classes).toContainEqual({ className: 'empty', split: 'train', before: 280, after: 28 });
    expect(counts.classes).toContainEqual({ className: 'empty', split: 'validation', before: 140, after: 140 });
    expect(counts.dropped).toEqual([
      { split: 'train', reason: 'empty, beyond the share of 0.1 that is kept', sequences: 252 },
    ]);
  });

  it('are the same when a season is added', async () => {
    const without = { ...seasons, indexes: [seasons.indexes[0]!, seasons.indexes[2]!] };
    const few = await picked(folder(), without, { keepEmpties: 0.2 });
    const many = await picked(folder(), seasons, { keepEmpties: 0.2 });

    expect(sequencesOf(many.frames, 'S1')).toEqual(sequencesOf(few.frames, 'S1'));
    expect(many.frames.length).toBeGreaterThan(few.frames.length);
  });

  it('are others with another seed, and more of the same with a larger share', async () => {
    const first = await picked(folder(), seasons, { keepEmpties: 0.1 });
    const other = await picked(folder(), seasons, { keepEmpties: 0.1 }, { seed: 2 });
    const larger = await picked(folder(), seasons, { keepEmpties: 0.3 });

    expect(other.frames).toHaveLength(first.frames.length);
    expect(sequencesOf(other.frames)).not.toEqual(sequencesOf(first.frames));
    expect(sequencesOf(larger.frames)).toEqual(expect.arrayContaining(sequencesOf(first.frames)));
  });
});

describe('caps', () => {
  it('keep at most so many training sequences of each class', async () => {
    const { frames, counts } = await picked(folder(), seasons, { maxPerClass: 10 });
    const trained = frames.filter(({ split }) => split === 'train');

    for (const name of ['buffalo', 'empty', 'zebra']) {
      expect(trained.filter(({ labels }) => labels.includes(name)).length).toBeLessThanOrEqual(10);
    }
    expect(counts.classes).toContainEqual({ className: 'buffalo', split: 'train', before: 40, after: 10 });
    expect(counts.classes).toContainEqual({ className: 'buffalo', split: 'validation', before: 20, after: 20 });
    expect(counts.samplingRates.buffalo).toBe(0.25);
  });

  it('keep at most so many training and validation sequences', async () => {
    const { summary } = await picked(folder(), seasons, { maxTrain: 25, maxValidation: 15 });

    expect(summary).toMatchObject({ trainSequences: 25, validationSequences: 15 });
  });

  it('take more of the same when they are raised', async () => {
    const small = await picked(folder(), seasons, { maxTrain: 25 });
    const large = await picked(folder(), seasons, { maxTrain: 50 });

    expect(sequencesOf(large.frames)).toEqual(expect.arrayContaining(sequencesOf(small.frames)));
  });

  it('leave out the training sequences of classes that are too rare', async () => {
    const { frames, counts } = await picked(folder(), seasons, { minPerClass: 20 });

    const shown = (split: string): Set<string> =>
      new Set(frames.filter((frame) => frame.split === split).flatMap(({ labels }) => labels));
    expect(shown('train')).toEqual(new Set(['buffalo', 'empty', 'zebra']));
    expect(shown('validation')).toContain('lionfemale');
    expect(counts.classes).toContainEqual({ className: 'lionfemale', split: 'train', before: 8, after: 0 });
    expect(counts.classes).toContainEqual({ className: 'zebra', split: 'train', before: 80, after: 72 });
  });
});

describe('the two sides', () => {
  it('tell which sites they share', async () => {
    expect((await picked(folder(), seasons)).counts.sharedSites).toEqual(['A01', 'A02']);
  });

  it('share no site when they must not', async () => {
    const { frames, summary, counts } = await picked(folder(), seasons, { splitBySite: true });
    const sites = (split: string): Set<string> =>
      new Set(frames.filter((frame) => frame.split === split).map(({ site }) => site));

    expect(sites('train')).toEqual(new Set(['A01', 'A02', 'A03', 'A04']));
    expect(sites('validation')).toEqual(new Set(['B01', 'B02']));
    expect(summary.sharedSites).toBe(0);
    expect(counts.dropped).toEqual([{ split: 'validation', reason: 'at a site that training sees', sequences: 100 }]);
  });

  describe('with sites held out of training', () => {
    const sitesOf = (frames: readonly PickedFrame[], split: string): Set<string> =>
      new Set(frames.filter((frame) => frame.split === split).map(({ site }) => site));

    it('keep the sites that the seed draws out of training in all seasons, and score them', async () => {
      const held = await picked(folder(), seasons, { holdOutSites: 0.5 });
      const shared = held.counts.sharedSites;
      const trained = sitesOf(held.frames, 'train');
      expect(sitesOf(held.frames, 'validation')).toEqual(new Set(['A01', 'A02', 'B01', 'B02']));
      expect(['A01', 'A02', 'B01', 'B02'].filter((site) => !trained.has(site))).toHaveLength(4 - shared.length);
      const draws = await Promise.all(
        [1, 2, 3, 4, 5, 6].map((seed) => picked(folder(), seasons, { holdOutSites: 0.5 }, { seed })),
      );
      expect(new Set(draws.map(({ counts }) => counts.sharedSites.join())).size).toBeGreaterThan(1);
    });

    it('draw at least one, however small the share', async () => {
      const sameSites = { ...seasons, indexes: seasons.indexes.slice(0, 2) };
      const { frames, counts } = await picked(folder(), sameSites, { holdOutSites: 0.01 });
      expect(sitesOf(frames, 'train').size).toBe(3);
      expect(counts.sharedSites).toHaveLength(3);
      expect(counts.dropped).toEqual([
        { split: 'train', reason: 'at a site that is held out of training', sequences: 50 },
      ]);
    });

    it('learn nothing of what these sites show, not even how often', async () => {
      const sameSites = { ...seasons, indexes: seasons.indexes.slice(0, 2) };
      const { frames, counts } = await picked(folder(), sameSites, { holdOutSites: 0.25 });
      const trained = frames.filter(({ split }) => split === 'train');
      expect(counts.train).toEqual({ before: trained.length, after: trained.length });
      expect(new Set(Object.values(counts.samplingRates))).toEqual(new Set([1]));
    });
  });

  it('share no season, ever', async () => {
    const trainSeasons = ['S1', 'S3'];
    await expect(picked(folder(), seasons, {}, { trainSeasons, validationSeasons: ['S3'] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'A model is not validated on what it was trained on: S3 cannot be on both sides',
    });
  });

  it('need an index of each season', async () => {
    await expect(picked(folder(), seasons, {}, { trainSeasons: ['S1', 'S9'] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'There is no index of season S9',
    });
  });

  it('are not empty', async () => {
    await expect(picked(folder(), seasons, { minPerClass: 1000 })).rejects.toMatchObject({
      code: 'PICK_EMPTY',
      message: 'No sequence is left to train on: 400 a class with fewer than 1000 training sequences',
    });
    const sameSites = { ...seasons, indexes: seasons.indexes.slice(0, 2) };
    await expect(picked(folder(), sameSites, { splitBySite: true })).rejects.toMatchObject({
      code: 'PICK_EMPTY',
      message: 'No sequence is left to validate on: 200 at a site that training sees',
    });
    await expect(picked(folder(), seasons, {}, { validationSeasons: [] })).rejects.toMatchObject({
      code: 'PICK_EMPTY',
      message: 'No sequence is left to validate on: its seasons have none',
    });
  });
});

describe('shards', () => {
  it('hold the same sequences whatever is picked of the season', async () => {
    const shardOf = new Map<string, number>();
    const everything = await picked(folder(), seasons, { perSequence: 'all' }, { framesPerShard: 20 });
    for (const { sequence, shard } of everything.frames) shardOf.set(sequence, shard);

    const little = await picked(folder(), seasons, { keepEmpties: 0.1, maxTrain: 40 }, { framesPerShard: 20, seed: 7 });

    expect(new Set(shardOf.values())).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    for (let shard = 0; shard < 10; shard++) {
      const frames = everything.frames.filter((frame) => frame.season === 'S1' && frame.shard === shard);
      expect(frames.length).toBeGreaterThan(20);
    }
    expect(everything.summary.shards[0]).toEqual({ season: 'S1', shards: 10, frames: 600 });
    expect(little.summary.shards[0]!.shards).toBe(10);
    for (const { sequence, shard } of little.frames) expect(shard).toBe(shardOf.get(sequence));
  });

  it('order the frames', async () => {
    const { frames } = await picked(folder(), seasons, { perSequence: 'all' }, { framesPerShard: 50 });
    const keys = frames.map(({ season, shard, sequence, rank }) => [season, shard, sequence, rank] as const);

    expect(keys).toEqual(
      [...keys].sort((a, b) => {
        const differing = a.findIndex((value, position) => value !== b[position]);
        return differing === -1 ? 0 : a[differing]! < b[differing]! ? -1 : 1;
      }),
    );
  });
});

it('writes the sequences for a person to read', async () => {
  const { directory } = await picked(folder(), seasons);
  const lines = (await readFile(join(directory, 'splits.csv'), 'utf8')).trimEnd().split('\n');

  expect(lines).toHaveLength(601);
  expect(lines[0]).toBe('season,site,sequence,split,labels');
  expect(lines).toContain('S1,A01,"SER_S1#A01#1#8",train,lionfemale;zebra');
});

it('gives the same bytes each time, also when two do it at once, and leaves nothing else', async () => {
  const options = { perSequence: 2, keepEmpties: 0.5 } as const;
  const [first, second] = await Promise.all([picked(folder(), seasons, options), picked(folder(), seasons, options)]);
  const again = await picked(folder(), seasons, options, { directory: first.directory });

  for (const name of ['counts.json', 'frames.parquet', 'splits.csv']) {
    const bytes = await readFile(join(first.directory, name));
    expect((await readFile(join(second.directory, name))).equals(bytes)).toBe(true);
  }
  expect(again.summary).toEqual(first.summary);
  expect((await readdir(first.directory)).sort()).toEqual(['counts.json', 'frames.parquet', 'splits.csv']);
});

it('stops when it is told to', async () => {
  const input = { ...seasons, trainSeasons: ['S1'], validationSeasons: ['S2'], seed: 1, directory: folder() };
  const options = {
    perSequence: 'first',
    keepEmpties: 1,
    minPerClass: 0,
    holdOutSites: 0,
    splitBySite: false,
  } as const;
  const controller = new AbortController();
  const onProgress = (): void => controller.abort(new Error('enough'));

  await expect(pickFrames({ ...input, options }, { signal: controller.signal, onProgress })).rejects.toThrow('enough');
  expect(await readdir(folder())).toEqual([]);
});
