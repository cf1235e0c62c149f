import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Warning } from '../../../../lib/contracts/progress';
import { writeParquet } from '../../../../lib/metadata';
import { temporaryFolder } from '../../../support/folders';
import { zip } from '../../seasons/support/zip';
import { FORMATS } from '../support/formats';
import { indexed, type Indexed, type IndexOptions } from '../support/indexed';
import { SEASON, catalogOf } from '../support/season';

const folder = temporaryFolder();

type Tables = Record<'deployments' | 'media' | 'observations', string>;

/** A package of the tables. */
async function index(tables: Tables, options: IndexOptions = {}): Promise<Indexed> {
  const resources = Object.keys(tables).map((name) => ({ name, path: `${name}.csv` }));
  const files = [join(folder(), 'datapackage.json')];
  await writeFile(files[0]!, JSON.stringify({ resources }));
  for (const [name, text] of Object.entries(tables)) {
    files.push(join(folder(), `${name}.csv`));
    await writeFile(files.at(-1)!, text);
  }
  const metadata = { format: 'camtrap-dp' as const, path: 'datapackage.json' };
  return await indexed(folder(), { metadata, files }, { catalog: catalogOf(metadata), ...options });
}

const DEPLOYMENTS = 'deploymentID,locationID,locationName\nd1,L1,River\nd2,,Hill\nd3,,\n';
const MEDIA_HEADER = 'mediaID,deploymentID,timestamp,filePath,fileName,fileMediatype';
const OBSERVATIONS_HEADER =
  'observationID,deploymentID,mediaID,eventID,eventStart,eventEnd,observationLevel,observationType,scientificName';

const media = (...rows: string[]): string => [MEDIA_HEADER, ...rows, ''].join('\n');
const observations = (...rows: string[]): string => [OBSERVATIONS_HEADER, ...rows, ''].join('\n');

it('gives media to the event of their deployment and time, whatever the offsets from UTC', async () => {
  const { frames, sequences } = await index({
    deployments: DEPLOYMENTS,
    media: media(
      'm1,d1,2020-05-01T06:00:00+02:00,a/1.jpg,1.jpg,image/jpeg',
      'm2,d1,2020-05-01T04:00:05Z,a/2.jpg,2.jpg,image/jpeg',
      'm3,d1,2020-05-01T09:00:00+02:00,a/3.jpg,3.jpg,image/jpeg',
      'm4,d2,2020-05-01T06:00:00+02:00,b/1.jpg,1.jpg,image/jpeg',
    ),
    observations: observations(
      'o1,d1,,e1,2020-05-01T06:00:00+02:00,2020-05-01T06:00:10+02:00,event,animal,zebra',
      'o2,d1,,e2,2020-05-01T09:00:00+02:00,2020-05-01T09:00:00+02:00,event,blank,',
      'o3,d2,,e3,2020-05-01T06:00:00+02:00,2020-05-01T06:00:00+02:00,event,animal,buffalo',
    ),
  });

  expect(frames.map(({ sequence, site, file_name, rank }) => [sequence, site, file_name, rank])).toEqual([
    ['e1', 'L1', 'a/1.jpg', 1],
    ['e1', 'L1', 'a/2.jpg', 2],
    ['e2', 'L1', 'a/3.jpg', 1],
    ['e3', 'Hill', 'b/1.jpg', 1],
  ]);
  expect(frames[0]!.datetime).toEqual(new Date('2020-05-01T06:00:00Z'));
  expect(sequences.map(({ labels }) => labels)).toEqual([['zebra'], ['empty'], ['buffalo']]);
});

it('gives media to the event that an observation of them names, and else makes them sequences of their own', async () => {
  const { frames, sequences } = await index({
    deployments: DEPLOYMENTS,
    media: media(
      'm1,d3,2020-05-01T06:00:00Z,./a\\1.jpg,,image/jpeg',
      'm2,d3,2020-05-01T06:00:01Z,a/2.jpg,,image/jpeg',
      'm3,d3,2020-05-02T06:00:00Z,https://example.org/f/77?x/3.jpg,3.jpg,image/jpeg',
    ),
    observations: observations(
      'o1,d3,m1,e1,,,media,animal,zebra',
      'o2,d3,m2,e1,,,media,blank,',
      'o3,d3,m3,,,,media,animal,lionfemale',
    ),
  });

  expect(frames.map(({ sequence, site, file_name }) => [sequence, site, file_name])).toEqual([
    ['e1', 'd3', 'a/1.jpg'],
    ['e1', 'd3', 'a/2.jpg'],
    ['m3', 'd3', '3.jpg'],
  ]);
  expect(sequences.map(({ labels }) => labels)).toEqual([['zebra'], ['lionfemale']]);
});

describe('the innermost event that holds a medium counts', () => {
  const at = (time: string) => `2020-05-01T${time}Z`;
  const lapse = `o1,d1,,lapse,${at('06:00:00')},${at('18:00:00')},event,blank,`;
  const zebra = `o2,d1,,motion,${at('07:00:00')},${at('07:00:10')},event,animal,zebra`;
  const photographs = media(
    `m1,d1,${at('06:30:00')},1.jpg,,image/jpeg`,
    `m2,d1,${at('07:00:05')},2.jpg,,image/jpeg`,
    `m3,d1,${at('08:00:00')},3.jpg,,image/jpeg`,
    `m4,d1,${at('19:00:00')},4.jpg,,image/jpeg`,
  );
  const sequencesOf = async (...rows: readonly string[]) => {
    const { frames } = await index({
      deployments: DEPLOYMENTS,
      media: photographs,
      observations: observations(...rows),
    });
    return [...frames]
      .sort((a, b) => ((a.file_name as string) < (b.file_name as string) ? -1 : 1))
      .map(({ sequence }) => sequence);
  };

  it('whichever stands first', async () => {
    const expected = ['lapse', 'motion', 'lapse', 'm4'];
    expect(await sequencesOf(lapse, zebra)).toEqual(expected);
    expect(await sequencesOf(zebra, lapse)).toEqual(expected);
  });

  it('also where both begin at once, and three lie within each other', async () => {
    const short = `o3,d1,,short,${at('06:00:00')},${at('06:45:00')},event,animal,buffalo`;
    const burst = `o4,d1,,burst,${at('07:00:04')},${at('07:00:06')},event,animal,buffalo`;
    expect(await sequencesOf(lapse, zebra, short, burst)).toEqual(['short', 'burst', 'lapse', 'm4']);
  });

  it('also where an observation of the medium names both', async () => {
    const both = ['lapse', 'motion'].map((event) => `o-${event},d1,m2,${event},,,media,animal,zebra`);
    expect((await sequencesOf(lapse, zebra, ...both))[1]).toBe('motion');
  });
});

it('takes identifiers of events for their deployment’s own', async () => {
  const { frames, sequences } = await index({
    deployments: DEPLOYMENTS,
    media: media(
      'm1,d1,2020-05-01T06:00:00Z,1.jpg,,image/jpeg',
      'm2,d2,2020-05-01T06:00:00Z,2.jpg,,image/jpeg',
      'm3,d2,2020-05-01T07:00:00Z,3.jpg,,image/jpeg',
    ),
    observations: observations(
      'o1,d1,m1,e1,,,media,animal,zebra',
      'o2,d2,,e1,2020-05-01T06:00:00Z,2020-05-01T06:00:01Z,event,animal,buffalo',
      'o3,d2,m3,e2,,,media,blank,',
    ),
  });

  expect(frames.map(({ sequence, file_name }) => [sequence, file_name])).toEqual([
    ['d1/e1', '1.jpg'],
    ['d2/e1', '2.jpg'],
    ['e2', '3.jpg'],
  ]);
  expect(sequences.map(({ labels }) => labels)).toEqual([['zebra'], ['buffalo'], ['empty']]);
});

it('reads what the standard calls missing values, and rows that end with their last value', async () => {
  const { frames, sequences, rejected } = await index({
    deployments: 'deploymentID,locationID,locationName\nd1,NA,NaN\nd2\n',
    media: media(
      'm1,d1,2020-05-01T06:00:00Z,1.jpg,NA,NA',
      'm2,d2,2020-05-01T06:00:00Z,https://example.org/a/2.jpg?token=x/y#top',
    ),
    observations: observations('o1,d1,m1,NA,nan,NaN,media,animal,zebra', 'o2,d2,m2,,,,media,blank'),
  });

  expect(frames.map(({ sequence, site, file_name }) => [sequence, site, file_name])).toEqual([
    ['m1', 'd1', '1.jpg'],
    ['m2', 'd2', '2.jpg'],
  ]);
  expect(sequences.map(({ labels }) => labels)).toEqual([['zebra'], ['empty']]);
  expect(rejected).toEqual([]);
});

it('calls nobody’s observation empty', async () => {
  const { sequences } = await index({
    deployments: DEPLOYMENTS,
    media: media(
      'm1,d1,2020-05-01T06:00:00Z,1.jpg,,image/jpeg',
      'm2,d1,2020-05-01T07:00:00Z,2.jpg,,image/jpeg',
      'm3,d1,2020-05-01T08:00:00Z,3.jpg,,image/jpeg',
    ),
    observations: observations(
      'o1,d1,m1,,,,media,unclassified,',
      'o2,d1,m2,,,,media,unknown,',
      'o3,d1,m3,,,,media,blank,',
    ),
  });

  expect(sequences.map(({ labels }) => labels)).toEqual([[], [], ['empty']]);
});

it('leaves out videos and says so', async () => {
  const warnings: Warning[] = [];
  const { frames } = await index(
    {
      deployments: DEPLOYMENTS,
      media: media(
        'm1,d1,2020-05-01T06:00:00Z,1.jpg,,image/jpeg',
        'm2,d1,2020-05-01T06:00:01Z,2.mp4,,video/mp4',
        'm3,d1,2020-05-01T06:00:01Z,3.AVI,,',
      ),
      observations: observations('o1,d1,m1,e1,,,media,animal,zebra'),
    },
    { work: { onWarning: (warning) => warnings.push(warning) } },
  );

  expect(frames).toHaveLength(1);
  expect(warnings).toEqual([{ message: 'media.csv: 2 videos are left out', details: { videos: 2 } }]);
});

it('lists bad rows with their lines', async () => {
  const { rejected } = await index({
    deployments: DEPLOYMENTS,
    media: media('m1,d1,2020-05-01T06:00:00Z,1.jpg,,image/jpeg', 'm2,d1,2020-05-01T06:00:01Z,,,image/jpeg'),
    observations: observations(
      'o1,d1,m1,e1,,,media,animal,zebra',
      'o2,d1,m9,,,,media,animal,zebra',
      'o3,d1,,,,,media,animal,zebra',
      'o4,d1,m1,e1,,,media,,',
      'o5,d1,m1,,,,media,animal,zebra,and more',
      ...['o6', 'o7', 'o8', 'o9'].map((id) => `${id},d1,m1,e1,,,media,animal,zebra`),
    ),
  });

  expect(rejected).toEqual([
    'media.csv,3,,filePath is empty,m2',
    'observations.csv,3,,mediaID is not in the media,m9',
    'observations.csv,4,,has neither eventID nor mediaID,',
    'observations.csv,5,,observationType is empty,m1',
    'observations.csv,6,10,has 10 values where the header has 9,"o5,d1,m1,,,,media,animal,zebra,and more"',
  ]);
});

it('reads a package as one zip', async () => {
  const written = await FORMATS['camtrap-dp'](folder(), SEASON);
  const plain = await indexed(folder(), written);
  const members = await Promise.all(
    written.files.map(async (path) => ({
      name: `export/${basename(path)}`,
      data: await readFile(path),
      deflate: true,
    })),
  );
  const file = join(folder(), 'package.zip');
  await writeFile(file, zip(members));
  for (const path of written.files) await rm(path);

  expect(await indexed(folder(), { metadata: { format: 'camtrap-dp', path: 'package.zip' }, files: [file] })).toEqual(
    plain,
  );
});

it('finds the descriptor of a zipped package under another name', async () => {
  const written = await FORMATS['camtrap-dp'](folder(), SEASON);
  const members = await Promise.all(
    written.files.map(async (path) => ({
      name: basename(path).replace('datapackage.json', 'dataset.json'),
      data: await readFile(path),
    })),
  );
  const file = join(folder(), 'package.zip');
  await writeFile(file, zip(members));

  const { frames } = await indexed(folder(), {
    metadata: { format: 'camtrap-dp', path: 'package.zip' },
    files: [file],
  });
  expect(frames).toHaveLength(11);
});

it.each<[name: string, descriptor: string, message: string]>([
  ['that is no JSON', '{', 'datapackage.json, line 1, column 2: not JSON'],
  ['without resources', '{"resources":[]}', 'datapackage.json has one problem:\n  - resources'],
  [
    'without observations',
    '{"resources":[{"name":"deployments","path":"deployments.csv"},{"name":"media","path":"media.csv"}]}',
    'datapackage.json has no resource "observations"; it has deployments, media',
  ],
])('refuses a descriptor %s', async (_name, descriptor, message) => {
  const written = await FORMATS['camtrap-dp'](folder(), SEASON);
  await writeFile(join(folder(), 'datapackage.json'), descriptor);

  await expect(indexed(folder(), written)).rejects.toMatchObject({
    code: 'METADATA_INVALID',
    message: expect.stringContaining(message),
  });
});

describe('tables in Parquet', () => {
  async function indexParquet(change: (path: string) => Promise<void> = async () => undefined): Promise<Indexed> {
    const tables: Record<string, Record<string, string>> = {
      deployments: { deploymentID: 'd1', locationID: 'L1' },
      media: { mediaID: 'm1', deploymentID: 'd1', timestamp: '2020-05-01T06:00:00+02:00', filePath: 'a/1.jpg' },
      observations: { deploymentID: 'd1', mediaID: 'm1', observationType: 'animal', scientificName: 'zebra' },
    };
    const files = [join(folder(), 'datapackage.json')];
    const resources = Object.keys(tables).map((name) => ({ name, path: `${name}.parquet` }));
    await writeFile(files[0]!, JSON.stringify({ resources }));
    for (const [name, row] of Object.entries(tables)) {
      const path = join(folder(), `${name}.parquet`);
      const columns = Object.entries(row).map(
        ([column, text]) => [column, { type: 'VARCHAR', values: [text] }] as const,
      );
      await writeParquet(path, Object.fromEntries(columns));
      files.push(path);
    }
    await change(join(folder(), 'media.parquet'));
    const metadata = { format: 'camtrap-dp' as const, path: 'datapackage.json' };
    return await indexed(folder(), { metadata, files }, { catalog: catalogOf(metadata) });
  }

  test('one that is none is named', async () => {
    await expect(indexParquet((path) => writeFile(path, 'mediaID,deploymentID\n'))).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: 'media.parquet is no Parquet file, or a damaged one',
    });
  });

  test('are read like those in CSV', async () => {
    const { frames, sequences } = await indexParquet();
    expect(frames).toMatchObject([{ file_name: 'a/1.jpg', site: 'L1', datetime: new Date('2020-05-01T06:00:00Z') }]);
    expect(sequences.map(({ labels }) => labels)).toEqual([['zebra']]);
  });
});
