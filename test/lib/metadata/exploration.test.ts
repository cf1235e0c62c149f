import { join } from 'node:path';
import { exploreIndex } from '../../../lib/metadata';
import { temporaryFolder } from '../../support/folders';
import { FORMATS } from './support/formats';
import { indexed } from './support/indexed';
import { SEASON, allFrames, catalogOf, sequence } from './support/season';
import { indexedSeasons } from './support/seasons';

const folder = temporaryFolder();

it('adds up what the indexes say', async () => {
  const { catalog, indexes } = await indexedSeasons(folder(), {
    S1: SEASON.filter(({ labels }) => !labels.includes('human')),
    S2: [
      sequence('SER_S2#B04#1#1', ['zebra'], [1, 2]),
      sequence('SER_S2#D09#1#1', ['empty'], [3]),
      sequence('SER_S2#D09#1#2', ['zebra'], [31 * 24 * 60 + 3 * 60]),
    ],
  });

  const exploration = await exploreIndex({
    indexes,
    catalog,
    split: { trainSeasons: ['S1'], validationSeasons: ['S2'] },
  });

  expect(exploration).toMatchObject({
    catalog: 'test',
    emptyClass: 'empty',
    framesPerSequence: [
      { frames: 1, sequences: 4 },
      { frames: 2, sequences: 3 },
      { frames: 3, sequences: 1 },
    ],
    speciesPerSequence: [
      { species: 0, sequences: 3 },
      { species: 1, sequences: 4 },
      { species: 2, sequences: 1 },
    ],
    undatedSequences: 0,
    split: {
      trainSeasons: ['S1'],
      validationSeasons: ['S2'],
      sharedSites: ['B04'],
      trainOnlySites: 1,
      validationOnlySites: 1,
      trainOnlyClasses: ['buffalo', 'lionfemale'],
      validationOnlyClasses: [],
    },
  });
  expect(exploration.seasons[1]).toMatchObject({
    season: 'S2',
    frames: 4,
    sequences: 3,
    sites: 2,
    empties: 1,
    first: '2010-07-01',
    last: '2010-08-01',
  });
  expect(exploration.perClass.map(({ className, sequences }) => [className, sequences])).toEqual([
    ['buffalo', 1],
    ['empty', 3],
    ['lionfemale', 1],
    ['zebra', 4],
  ]);
  const zebra = exploration.perClass[3]!;
  expect(zebra).toMatchObject({ perSeason: { S1: 2, S2: 2 }, sites: 2, months: { '2010-07': 3, '2010-08': 1 } });
  expect(zebra.hours.map((sequences, hour) => [hour, sequences]).filter(([, sequences]) => sequences! > 0)).toEqual([
    [6, 3],
    [9, 1],
  ]);
  expect(exploration.sites).toEqual([
    { site: 'B04', frames: 8, sequences: 4, empties: 1, species: 2, seasons: ['S1', 'S2'] },
    { site: 'C01', frames: 3, sequences: 2, empties: 1, species: 1, seasons: ['S1'] },
    { site: 'D09', frames: 2, sequences: 2, empties: 1, species: 1, seasons: ['S2'] },
  ]);
});

it('counts no species at a site where every sequence is empty', async () => {
  const { catalog, indexes } = await indexedSeasons(folder(), {
    S1: [sequence('SER_S1#B04#1#1', ['empty'], [1]), sequence('SER_S1#C01#1#1', ['zebra'], [2])],
  });
  const { sites } = await exploreIndex({ indexes, catalog });
  expect(sites.map(({ site, species }) => [site, species])).toEqual([
    ['B04', 0],
    ['C01', 1],
  ]);
});

it('tells what is missing, corrupt and rejected', async () => {
  const written = await FORMATS['coco-camera-traps'](folder(), SEASON);
  const archive = [...allFrames(SEASON.slice(0, 3)).map(({ name }) => name), 'other.txt'];
  const { directory } = await indexed(folder(), written, { archive });

  const { seasons, split } = await exploreIndex({
    indexes: [{ season: 'S1', directory }],
    catalog: catalogOf(written.metadata),
  });

  expect(seasons).toMatchObject([
    { framesNotInArchive: 5, filesNotInMetadata: 1, corruptFrames: 0, rejectedRows: 0, excludedSequences: 1 },
  ]);
  expect(split).toBeUndefined();
});

it('fails plainly where there is no index', async () => {
  const indexes = [{ season: 'S1', directory: join(folder(), 'nowhere') }];
  const catalog = { name: 'test', classes: ['a'], emptyClass: 'a' };

  await expect(exploreIndex({ indexes, catalog })).rejects.toThrow(/nowhere/);
});
