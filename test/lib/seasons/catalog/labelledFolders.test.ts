import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogFromFolder } from '../../../../lib/seasons';
import { temporaryFolder } from '../../../support/folders';
import { indexed } from '../../metadata/support/indexed';

const folder = temporaryFolder();
const data = (): string => join(folder(), 'reserve', 'data');

type Files = Readonly<Record<string, string>>;

async function write(files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(data(), name)), { recursive: true });
    await writeFile(join(data(), name), text);
  }
}

/** What the index says of a season of the folder, by its catalog. */
async function told(season: string) {
  const catalog = await catalogFromFolder(data(), { tables: join(folder(), 'reserve', 'catalogs') });
  const { metadata, frames } = catalog.seasons.find(({ id }) => id === season)!;
  const { url } = catalog.mirrors[0]!;
  const index = await indexed(
    folder(),
    { metadata, files: [join(fileURLToPath(url), (metadata as { path: string }).path)] },
    { catalog, season },
  );
  const labels = new Map(index.sequences.map(({ sequence, labels }) => [sequence, labels]));
  return {
    classes: catalog.classes,
    seasons: catalog.seasons.map(({ id }) => id),
    frames: frames === undefined ? undefined : join(fileURLToPath(url), frames),
    photographs: index.frames.map(({ file_name, sequence }) => [file_name, labels.get(sequence)]),
    index,
  };
}

const photographs = (...files: string[]): Files => Object.fromEntries(files.map((file) => [file, '']));

describe('labels that cannot be read', () => {
  const labels = (text: string): Promise<unknown> =>
    write({ 'S1.csv': text, 'S1/a.jpg': '' }).then(() => catalogFromFolder(data()));

  test.each([
    ['no column for the label', 'filepath,kind\na.jpg,zebra\n', /S1\.csv has no column label, .*it has filepath, kind/],
    ['no column for the file', 'where,label\na.jpg,zebra\n', /S1\.csv has no column filepath/],
    ['a row that names no file', 'filepath,label\na.jpg,zebra\n,lion\n', /S1\.csv, row 2: names no file/],
    ['a row with other columns', 'filepath,label\na.jpg,zebra,9\n', /S1\.csv: Invalid Record Length.*line 2/],
    ['photographs that are elsewhere', 'filepath,label\nb/x.jpg,zebra\n', /its first photograph, b\/x\.jpg, is not in/],
    ['none at all', 'filepath,label\n', /S1\.csv has no column/],
  ])('%s', async (_what, text, message) => {
    await expect(labels(text)).rejects.toThrow(message);
  });

  test("MegaDetector's format with a detection that has no confidence", async () => {
    const images = [{ file: 'a.jpg', detections: [{ category: '1' }] }];
    await write({ 'S1/a.jpg': '', 'S1.json': JSON.stringify({ detection_categories: { 1: 'animal' }, images }) });
    await expect(catalogFromFolder(data())).rejects.toThrow(/S1\.json.*images\.0\.detections\.0\.conf/s);
  });
});

test('a folder a class is one season; its name is the class, whatever lies below it', async () => {
  await write(photographs('zebra/a.jpg', 'zebra/river/b.jpg', 'Empty/c.jpg', 'notes/readme.txt'));
  expect(await told('data')).toMatchObject({
    classes: ['empty', 'zebra'],
    seasons: ['data'],
    frames: data(),
    photographs: [
      ['Empty/c.jpg', ['empty']],
      ['zebra/a.jpg', ['zebra']],
      ['zebra/river/b.jpg', ['zebra']],
    ],
  });
  expect(await readdir(data())).toEqual(['Empty', 'notes', 'zebra']);
});

test('folders of a folder a class are seasons', async () => {
  await write(photographs('2023/lion/a.jpg', '2024/lion/b.jpg', '2024/zebra/c.jpg'));
  expect(await told('2024')).toMatchObject({
    seasons: ['2023', '2024'],
    classes: ['empty', 'lion', 'zebra'],
    frames: join(data(), '2024'),
    photographs: [
      ['lion/b.jpg', ['lion']],
      ['zebra/c.jpg', ['zebra']],
    ],
  });
});

test('a CSV of labels: sites, times, sequences; its files named from beside the folder; nobody looked at one', async () => {
  await write({
    ...photographs('S1/a.jpg', 'S1/b.jpg', 'S1/c.jpg'),
    'S1.csv':
      'filepath;label;site;time;sequence\r\nS1\\a.jpg;zebra;river;2024-05-01 06:00:00;s1\r\n' +
      'S1\\b.jpg;;river;2024-05-01 06:00:01;s1\r\nS1\\c.jpg;;hill;2024-05-01 07:00:00;s2\r\n',
  });
  const { photographs: labels, index } = await told('S1');
  expect(labels).toEqual([
    ['a.jpg', ['zebra']],
    ['b.jpg', ['zebra']],
    ['c.jpg', []],
  ]);
  expect(index.frames.map(({ site, datetime }) => [site, datetime])).toEqual([
    ['river', new Date('2024-05-01T06:00:00Z')],
    ['river', new Date('2024-05-01T06:00:01Z')],
    ['hill', new Date('2024-05-01T07:00:00Z')],
  ]);
});

test('one CSV for all folders that have none of their own; two rows of a photograph are two labels', async () => {
  await write({
    ...photographs('river/a.jpg', 'hill/b.jpg'),
    'labels.csv': 'path,species\nriver/a.jpg,zebra\nriver/a.jpg,lion\nhill/b.jpg,blank\n',
  });
  expect(await told('data')).toMatchObject({
    classes: ['empty', 'lion', 'zebra'],
    photographs: [
      ['river/a.jpg', ['lion', 'zebra']],
      ['hill/b.jpg', ['empty']],
    ],
  });
});

test("Timelapse's CSV: folders are sites, and what was marked for deletion is left out", async () => {
  await write({
    ...photographs('S1/river/a.jpg'),
    'S1.csv':
      'RootFolder,File,RelativePath,DateTime,DeleteFlag,Species\nS1,a.jpg,river,2024-05-01 06:00:00,false,zebra\n' +
      'S1,b.jpg,river,2024-05-01 06:00:09,true,zebra\n',
  });
  const { photographs: labels, index } = await told('S1');
  expect(labels).toEqual([['river/a.jpg', ['zebra']]]);
  expect(index.frames[0]).toMatchObject({ site: 'river', datetime: new Date('2024-05-01T06:00:00Z') });
});

test("Wildlife Insights' images.csv: sequences and deployments, common names, blanks", async () => {
  const header =
    'project_id,deployment_id,image_id,filename,location,is_blank,genus,species,common_name,timestamp,sequence_id';
  await write({
    ...photographs('S1/a.jpg', 'S1/b.jpg', 'S1/c.jpg'),
    'S1.csv': [
      header,
      'p,d1,i1,a.jpg,gs://x/1.jpg,0,Equus,quagga,Plains Zebra,2024-05-01 06:00:00,q1',
      'p,d1,i2,b.jpg,gs://x/2.jpg,0,Panthera,leo,,2024-05-01 07:00:00,q2',
      'p,d2,i3,c.jpg,gs://x/3.jpg,1,,,Blank,2024-05-01 08:00:00,q3',
    ].join('\n'),
  });
  const { photographs: labels, index } = await told('S1');
  expect(labels).toEqual([
    ['a.jpg', ['Plains Zebra']],
    ['b.jpg', ['Panthera leo']],
    ['c.jpg', ['empty']],
  ]);
  expect(index.frames.map(({ sequence, site }) => [sequence, site])).toEqual([
    ['q1', 'd1'],
    ['q2', 'd1'],
    ['q3', 'd2'],
  ]);
});

test("MegaDetector's format with checked classes: what counts, what is empty, what nobody knows", async () => {
  const detection = (category: string, conf: number, ...classifications: [string, number][]) => ({
    category,
    conf,
    bbox: [0, 0, 1, 1],
    classifications,
  });
  await write({
    ...photographs('S1/a.jpg'),
    'S1.json': JSON.stringify({
      info: { detector_metadata: { typical_detection_threshold: 0.5 } },
      detection_categories: { 1: 'animal', 2: 'person' },
      classification_categories: { 7: 'zebra', 8: 'lion' },
      images: [
        { file: 'a.jpg', datetime: '2024:05:01 06:00:00', detections: [detection('1', 0.9, ['8', 0.1], ['7', 0.9])] },
        { file: 'b.jpg', detections: [detection('2', 0.8), detection('1', 0.1, ['8', 1])] },
        { file: 'c.jpg', detections: [detection('1', 0.4, ['8', 1])] },
        { file: 'd.jpg', failure: 'cannot be read', detections: null },
      ],
    }),
  });
  const { photographs: labels, classes, index } = await told('S1');
  expect(classes).toEqual(['empty', 'person', 'zebra']);
  expect(labels).toEqual([
    ['a.jpg', ['zebra']],
    ['b.jpg', ['person']],
    ['c.jpg', ['empty']],
    ['d.jpg', []],
  ]);
  expect(index.frames[0]!.datetime).toEqual(new Date('2024-05-01T06:00:00Z'));
});
