import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readIndexes, readLocations, readPredictions, writeCamtrapDp, type CamtrapDpInput } from '../../../lib/export';
import { temporaryFolder } from '../../support/folders';
import { FORMATS } from '../metadata/support/formats';
import { indexed, type Indexed } from '../metadata/support/indexed';
import { catalogOf, SEASON } from '../metadata/support/season';
import { STANDARD, problemsOf } from './support/camtrapDpStandard';
import { writePredictions } from './support/predictions';

const folder = temporaryFolder();

type Row = Readonly<Record<string, string>>;
const table = async (name: string): Promise<Row[]> =>
  parse(await readFile(join(folder(), 'package', `${name}.csv`)), { columns: true });
const descriptor = async () =>
  JSON.parse(await readFile(join(folder(), 'package', 'datapackage.json'), 'utf8')) as Record<string, unknown>;

async function write(changes: Partial<CamtrapDpInput>) {
  const source = changes.source ?? (await readPredictions(join(folder(), 'card-predictions')));
  const locations = await readLocations('-2.33,34.83');
  return await writeCamtrapDp({
    directory: join(folder(), 'package'),
    locations,
    utcOffset: '+03:00',
    ...changes,
    source,
  });
}

async function indexPackage(): Promise<Indexed> {
  const metadata = { format: 'camtrap-dp' as const, path: 'datapackage.json' };
  const files = (await readdir(join(folder(), 'package'))).map((name) => join(folder(), 'package', name));
  return await indexed(folder(), { metadata, files }, { catalog: catalogOf(metadata) });
}

/** What must be the same after a round trip. */
const told = ({ frames, sequences }: Indexed) => ({
  frames: frames.map(({ sequence, site, file_name, datetime }) => ({ sequence, site, file_name, datetime })),
  labels: sequences.map(({ sequence, labels }) => ({ sequence, labels })),
});

describe('what the standard demands and the photographs lack', () => {
  test('a site without a location is named, and nothing is written', async () => {
    await writePredictions(folder());
    await writeFile(join(folder(), 'sites.csv'), 'site,latitude,longitude\nhill,-2.5,34.5\n');
    const locations = await readLocations(join(folder(), 'sites.csv'));
    await expect(write({ locations })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('sites.csv has none of river') as string,
    });
    expect(await readdir(join(folder(), 'package'))).toEqual([]);
  });

  test('photographs without a time, or with a name that it forbids, are left out and counted', async () => {
    await writePredictions(folder(), [
      'river/a.jpg,river/a.jpg,2024-05-01T06:00:00,exif,zebra,0.9,,,0.05,0.05,0.9',
      'river/b..jpg,river/a.jpg,2024-05-01T06:00:01,exif,zebra,0.9,,,0.05,0.05,0.9',
      'river/c.jpg,river/c.jpg,,,zebra,0.9,,,0.05,0.05,0.9',
      'river/d.jpg,,,,,,,The file is empty,,,',
    ]);
    expect(await write({})).toMatchObject({ media: 1, observations: 1, undated: 1, forbiddenNames: 1 });
  });

  test('not one photograph with a time', async () => {
    await writePredictions(folder(), ['a.jpg,a.jpg,,,zebra,0.9,,,0.05,0.05,0.9']);
    await expect(write({})).rejects.toThrow('None of the photographs has a time');
  });

  test.each([
    ['91,34', 'the latitude "91" is no number of degrees from -90 to 90'],
    ['nowhere.csv', 'nowhere.csv cannot be read'],
  ])('the location %s', async (where, message) => {
    await expect(readLocations(where)).rejects.toThrow(message);
  });

  test('a table of locations names the line and the column that are wrong', async () => {
    const path = join(folder(), 'sites.csv');
    await writeFile(path, 'site,latitude,longitude\nriver,-2.33,34.83\nhill,two,34\n');
    await expect(readLocations(path)).rejects.toThrow('sites.csv, line 3: the latitude "two" is no number');
    await writeFile(path, 'name,latitude,longitude\nriver,-2.33,34.83\n');
    await expect(readLocations(path)).rejects.toThrow('sites.csv lacks the column site');
  });
});

test('predictions: an observation an event, as the standard has it', async () => {
  await writePredictions(folder());
  const taxa = new Map([['zebra', 'Equus quagga']]);
  expect(await write({ taxa })).toMatchObject({ deployments: 2, media: 4, observations: 3, undated: 0 });
  expect(await problemsOf(join(folder(), 'package'))).toEqual([]);
  expect((await table('observations')).map((row) => [row.eventID, row.observationType, row.scientificName])).toEqual([
    ['hill/h.jpg', 'human', ''],
    ['river/DCIM/100RECNX/a.jpg', 'animal', 'Equus quagga'],
    ['river/DCIM/100RECNX/c.jpg', 'blank', ''],
  ]);
  expect((await table('observations'))[1]).toMatchObject({
    deploymentID: 'river',
    eventStart: '2024-05-01T06:00:00+03:00',
    eventEnd: '2024-05-01T06:00:02+03:00',
    classificationMethod: 'machine',
    classifiedBy: 'serengeti efficientnet-lite0',
    classificationProbability: '0.9',
  });
  expect(await descriptor()).toMatchObject({
    temporal: { start: '2024-05-01', end: '2024-05-02' },
    taxonomic: [{ scientificName: 'Equus quagga', vernacularNames: { eng: 'zebra' } }],
    spatial: { type: 'Point', coordinates: [34.83, -2.33] },
  });
});

test('what people know of their project comes before what the package says otherwise', async () => {
  await writePredictions(folder());
  await write({ descriptor: { title: 'Reserve 2024', contributors: [{ title: 'Ada', role: 'contact' }] } });
  expect(await descriptor()).toMatchObject({
    title: 'Reserve 2024',
    contributors: [{ title: 'Ada', role: 'contact' }],
  });
});

test('a round trip: the index of a package of an index says the same', async () => {
  await mkdir(join(folder(), 'first'), { recursive: true });
  const written = await FORMATS['coco-camera-traps'](join(folder(), 'first'), SEASON);
  const first = await indexed(join(folder(), 'first'), written);
  const source = readIndexes([{ season: 'S1', directory: first.directory }], 'empty');
  await write({ source });
  expect(await problemsOf(join(folder(), 'package'))).toEqual([]);
  expect(told(await indexPackage())).toEqual(told(first));
});

test('the same for predictions', async () => {
  await writePredictions(folder());
  await write({});
  const { frames, sequences } = await indexPackage();
  expect(frames.map(({ file_name, sequence }) => [file_name, sequence])).toEqual([
    ['hill/h.jpg', 'hill/h.jpg'],
    ['river/DCIM/100RECNX/a.jpg', 'river/DCIM/100RECNX/a.jpg'],
    ['river/DCIM/101RECNX/b.jpg', 'river/DCIM/100RECNX/a.jpg'],
    ['river/DCIM/100RECNX/c.jpg', 'river/DCIM/100RECNX/c.jpg'],
  ]);
  expect(sequences.map(({ labels }) => labels)).toEqual([[], ['zebra'], ['empty']]);
});

test('the check itself finds what is wrong', async () => {
  await writePredictions(folder());
  await write({});
  const path = join(folder(), 'package', 'media.csv');
  await writeFile(path, (await readFile(path, 'utf8')).replace('image/jpeg', 'jpeg').replace('+03:00', ''));
  expect(await problemsOf(join(folder(), 'package'))).toHaveLength(2);
  expect(Object.keys(STANDARD)).toEqual(['deployments', 'media', 'observations']);
});
