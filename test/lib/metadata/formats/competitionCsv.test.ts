import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Warning } from '../../../../lib/contracts/progress';
import { indexSeasons } from '../../../../lib/metadata';
import { temporaryFolder } from '../../../support/folders';
import { zip } from '../../seasons/support/zip';
import { FORMATS, type WrittenMetadata } from '../support/formats';
import { indexed, readIndex, type IndexOptions, type Indexed } from '../support/indexed';
import { OTHER_SEASON, SEASON, catalogOf, sequence } from '../support/season';

const folder = temporaryFolder();

/** Writes the two files, changed line by line, and indexes a season of them. */
async function index(
  changes: { readonly metadata?: (lines: string[]) => void; readonly labels?: (lines: string[]) => void } = {},
  options: IndexOptions = {},
  season = SEASON,
): Promise<Indexed> {
  const written = await FORMATS['competition-csv'](folder(), season);
  for (const [position, change] of [changes.metadata, changes.labels].entries()) {
    const lines = (await readFile(written.files[position]!, 'utf8')).trimEnd().split('\n');
    change?.(lines);
    await writeFile(written.files[position]!, `${lines.join('\n')}\n`);
  }
  return await indexed(folder(), written, options);
}

const inTwoSeasons = ({ metadata }: Pick<WrittenMetadata, 'metadata'>) => catalogOf(metadata, {}, ['S1', 'S2']);

describe('files that hold all seasons', () => {
  const all = [...SEASON, ...OTHER_SEASON];

  it('give each season its own rows', async () => {
    const written = await FORMATS['competition-csv'](folder(), all);
    const catalog = inTwoSeasons(written);
    const alone = await indexed(folder(), await FORMATS['competition-csv'](folder(), SEASON));
    await FORMATS['competition-csv'](folder(), all);

    expect(await indexed(folder(), written, { catalog })).toEqual(alone);
    expect((await indexed(folder(), written, { catalog, season: 'S2' })).sequences).toMatchObject([
      { sequence: 'SER_S2#B04#1#1', labels: ['zebra'] },
      { sequence: 'SER_S2#D09#1#1', labels: ['empty'] },
    ]);
  });

  it('give the same whether the seasons are read one by one or together', async () => {
    const written = await FORMATS['competition-csv'](folder(), all);
    const metadata = (await readFile(written.files[0]!, 'utf8')).replace('SER_S1#B04#1#2,', 'SER_S1#B04#1#2,,');
    await writeFile(written.files[0]!, `${metadata}SER_S2#X01#1#9,,2010-01-01\n`);
    const catalog = inTwoSeasons(written);
    const alone = [
      await indexed(folder(), written, { catalog }),
      await indexed(folder(), written, { catalog, season: 'S2' }),
    ];
    const seasons = catalog.seasons.map((season) => ({ season, directory: join(folder(), `together-${season.id}`) }));
    for (const { directory } of seasons) await mkdir(directory);

    const summaries = await indexSeasons({ catalog, metadataFiles: written.files, seasons });

    for (const [position, { directory }] of seasons.entries()) {
      const { directory: _directory, ...together } = await readIndex(directory);
      expect({ summary: summaries[position], ...together, directory: '' }).toEqual({
        ...alone[position],
        directory: '',
      });
    }
    expect(alone.map(({ summary }) => summary.rejectedRows)).toEqual([1, 2]);
  });

  it('tell the season by the first folder where the sequences do not, and need one of the two', async () => {
    const rename = (lines: string[]): void =>
      lines.forEach((line, position) => (lines[position] = line.replace(/^SER_/, '')));
    const written = await FORMATS['competition-csv'](folder(), all);
    const catalog = inTwoSeasons(written);

    const { frames, rejected } = await index(
      {
        metadata: (lines) => {
          rename(lines);
          lines.push('odd,nowhere.JPG,2010-01-01 00:00:00');
        },
        labels: rename,
      },
      { catalog },
      all,
    );

    expect(frames).toHaveLength(11);
    expect(rejected).toEqual([
      'train_metadata.csv,16,,neither seq_id nor file_name tells the season,"odd,nowhere.JPG"',
    ]);
  });
});

it('takes any names where the files are one season’s alone', async () => {
  const { sequences } = await index({
    metadata: (lines) => lines.push('odd,nowhere.JPG,2010-01-01 00:00:00'),
    labels: (lines) => lines.push('odd,0,0,0,0,0,1'),
  });

  expect(sequences).toContainEqual(expect.objectContaining({ sequence: 'odd', site: '', labels: ['zebra'] }));
});

it('reads quoted cells', async () => {
  const quote = (lines: string[]): void =>
    lines.forEach(
      (line, position) =>
        (lines[position] = line
          .split(',')
          .map((cell) => `"${cell}"`)
          .join(',')),
    );
  const plain = await index();

  expect(await index({ metadata: quote, labels: quote })).toEqual(plain);
});

it('takes no harm from blanks, and from what pandas and Excel make of 0 and 1', async () => {
  const plain = await index();
  const changed = await index({
    metadata: (lines) => lines.forEach((line, at) => (lines[at] = line.replaceAll(',', ' , ').replace(/^/, ' '))),
    labels: (lines) =>
      lines.forEach((line, at) => {
        const [sequence, ...cells] = line.split(',');
        const ways = [(cell: string) => `${cell}.0`, (cell: string) => (cell === '1' ? 'TRUE' : ' False')];
        lines[at] = at === 0 ? line.replaceAll(',', ' , ') : [sequence, ...cells.map(ways[at % 2]!)].join(' ,');
      }),
  });

  expect(changed).toEqual(plain);
});

it('reads what Excel writes: semicolons, UTF-16, mixed line ends', async () => {
  const plain = await index();
  const written = await FORMATS['competition-csv'](folder(), SEASON);
  for (const file of written.files) {
    const text = (await readFile(file, 'utf8')).replaceAll(',', ';').replace('\n', '\r\n');
    await writeFile(file, `\ufeff${text}`, 'utf16le');
  }

  expect(await indexed(folder(), written)).toEqual(plain);
});

it('stops where most rows of a table are bad, however small it is', async () => {
  const written = await FORMATS['competition-csv'](folder(), SEASON.slice(0, 1));
  const [metadata] = written.files;
  await writeFile(
    metadata!,
    (await readFile(metadata!, 'utf8')).replaceAll(/^SER_S1#B04#1#1,.*PICT000[12].*$/gm, ',,'),
  );

  await expect(indexed(folder(), written)).rejects.toMatchObject({
    code: 'METADATA_INVALID',
    message: expect.stringMatching(
      /^train_metadata\.csv: 2 of 3 rows cannot be used, more than the 1 that are left out:/,
    ),
  });
});

it('reads zips', async () => {
  const plain = await index();
  const files = ['train_metadata.csv', 'train_labels.csv'].map((name) => join(folder(), name));
  const zips = files.map((file) => `${file}.zip`);
  for (const [position, file] of files.entries()) {
    const other = zip([
      { name: 'about.csv', data: 'x,y\n1,2\n' },
      { name: 'data.csv', data: await readFile(file), deflate: true },
    ]);
    await writeFile(zips[position]!, other);
  }

  const metadata = {
    format: 'competition-csv' as const,
    metadata: 'train_metadata.csv.zip',
    labels: 'train_labels.csv.zip',
  };
  expect(await indexed(folder(), { metadata, files: zips })).toEqual(plain);
});

it('orders the frames of a sequence by their names', async () => {
  const plain = await index();
  const { frames } = await index({ metadata: (lines) => lines.splice(1, 3, lines[3]!, lines[1]!, lines[2]!) });

  expect(frames).toEqual(plain.frames);
});

it('reads the times that cameras write, and warns of those that nobody can read', async () => {
  const warnings: Warning[] = [];
  const times = ['2010:07:01 05:00:00', '2010-07-01T06:00:00.123Z', '2010-07-01T07:00:00+03:00', 'yesterday', ''];
  const { frames, sequences } = await index(
    {
      metadata: (lines) =>
        times.forEach((time, position) => (lines[position + 1] = lines[position + 1]!.replace(/[^,]*$/, time))),
    },
    { work: { onWarning: (warning) => warnings.push(warning) } },
  );

  expect(frames.slice(0, 3).map(({ datetime }) => datetime)).toEqual([
    new Date('2010-07-01T05:00:00Z'),
    new Date('2010-07-01T06:00:00Z'),
    new Date('2010-07-01T07:00:00Z'),
  ]);
  expect(sequences.filter(({ datetime }) => datetime === null)).toHaveLength(1);
  expect(warnings.map(({ message }) => message)).toEqual([
    '1 frame has a time that cannot be read, and no date, the first at train_metadata.csv, line 5: yesterday',
  ]);
});

describe('times of which only the whole file tells the order of day and month', () => {
  async function read(...times: readonly string[]) {
    const warnings: Warning[] = [];
    const { frames } = await index(
      {
        metadata: (lines) =>
          times.forEach((time, position) => (lines[position + 1] = lines[position + 1]!.replace(/[^,]*$/, time))),
      },
      { work: { onWarning: (warning) => warnings.push(warning) } },
    );
    const read = frames.slice(0, times.length).map(({ datetime }) => (datetime as Date | null)?.toISOString());
    return { read, warnings: warnings.map(({ message }) => message) };
  }

  it('are read where one of them decides', async () => {
    expect(await read('5/6/19 17:21', '28/4/19 00:32')).toEqual({
      read: ['2019-06-05T17:21:00.000Z', '2019-04-28T00:32:00.000Z'],
      warnings: [],
    });
    expect((await read('5/6/19 17:21', '12/31/2019 13:05')).read).toEqual([
      '2019-05-06T17:21:00.000Z',
      '2019-12-31T13:05:00.000Z',
    ]);
  });

  it.each([
    ['none does', '5/5/19 17:21', '5/6/19 17:21'],
    ['they contradict each other', '28/4/19 00:32', '12/31/19 13:05'],
  ])('are none where %s, and are counted', async (_, ...times) => {
    expect(await read(...times)).toEqual({
      read: [undefined, undefined],
      warnings: [
        '2 frames have a time that cannot be read, and no date, the first at train_metadata.csv, line 2: ' + times[0],
      ],
    });
  });
});

it('names times before 1990 and in the future', async () => {
  const warnings: Warning[] = [];
  const change = (lines: string[]): void => {
    lines[2] = lines[2]!.replace(/[^,]*$/, '1970-01-01 00:00:00');
    lines[3] = lines[3]!.replace(/[^,]*$/, '2199-01-01 00:00:00');
  };
  await index({ metadata: change }, { work: { onWarning: (warning) => warnings.push(warning) } });
  expect(warnings.map(({ message }) => message)).toEqual([
    '2 frames have a time before 1990 or in the future, as cameras give whose clocks were not set, ' +
      'the first at train_metadata.csv, line 3: 1970-01-01 00:00:00',
  ]);
});

it('leaves out sequences that nobody could tell, and those with a label that is mapped to nothing', async () => {
  const { sequences, summary } = await index({}, {}, [
    sequence('SER_S1#B04#1#1', ['human', 'empty'], [1]),
    sequence('SER_S1#B04#1#2', ['unknown'], [2]),
    sequence('SER_S1#B04#1#3', ['unclassified', 'empty'], [3]),
    sequence('SER_S1#B04#1#4', ['zebra', 'unknown'], [4]),
    sequence('SER_S1#B04#1#5', ['empty'], [5]),
  ]);
  expect(sequences.map(({ labels }) => labels)).toEqual([[], [], [], ['zebra'], ['empty']]);
  expect(summary).toMatchObject({ empties: 1, excludedSequences: 3 });
});

it('keeps sequences without a label apart, and warns of labels without a frame', async () => {
  const warnings: Warning[] = [];
  const { sequences, summary } = await index(
    {
      labels: (lines) => {
        lines.splice(1, 1);
        lines.push('SER_S1#Z01#1#1,0,0,0,0,0,1');
      },
    },
    { work: { onWarning: (warning) => warnings.push(warning) } },
  );

  expect(sequences[0]).toMatchObject({ sequence: 'SER_S1#B04#1#1', labels: [], raw_labels: [] });
  expect(summary).toMatchObject({ sequences: 6, excludedSequences: 2 });
  expect(warnings.map(({ message }) => message)).toEqual([
    'train_labels.csv labels 1 sequences of season S1 that have no frame; they are left out',
  ]);
});

it('lists bad rows with their lines', async () => {
  const { rejected, frames } = await index({
    metadata: (lines) => {
      lines[2] = lines[2]!.replace(/^[^,]*/, '');
      lines[3] = `${lines[3]},and more`;
      lines[5] = lines[4]!;
      lines.push('SER_S1#C01#2#3,,2010-07-11 00:00:00');
    },
    labels: (lines) => {
      lines[1] = lines[1]!.replace(/,.*/, ',0,1');
      lines[2] = lines[2]!.replace(/1/g, 'yes').replace(/^[^,]*/, 'SER_S1#B04#1#2');
      lines.push(lines[4]!, ',0,0,0,0,0,1', 'SER_S1#C01#9#9,"0,0,0,0,0,1');
    },
  });

  expect(rejected).toEqual([
    'train_labels.csv,2,,has 3 values where the header has 7,SER_S1#B04#1#1',
    'train_labels.csv,3,,"empty must be 0 or 1, not ""yes""",SER_S1#B04#1#2',
    'train_labels.csv,8,,sequence is listed twice,SER_S1#C01#1#1',
    'train_labels.csv,9,,seq_id is empty,',
    'train_labels.csv,10,,is not CSV,SER_S1#C01#9#9',
    'train_metadata.csv,3,,seq_id is empty,S1/B04/B04_R1/S1_B04_R1_PICT0002.JPG',
    'train_metadata.csv,4,4,has 4 values where the header has 3,"SER_S1#B04#1#1,S1/B04/B04_R1/S1_B04_R1_PICT0003.JPG,2010-07-01 06:03:00,and more"',
    'train_metadata.csv,6,,file_name is listed twice,S1/B04/B04_R1/S1_B04_R1_PICT0004.JPG',
    'train_metadata.csv,13,,file_name is empty,SER_S1#C01#2#3',
  ]);
  expect(frames).toHaveLength(8);
});

it.each<[name: string, header: string, message: string]>([
  [
    'metadata',
    'seq_id,file',
    'train_metadata.csv, line 1: there is no column "file_name", "datetime"; it has seq_id, file',
  ],
  ['labels', 'id,zebra', 'train_labels.csv, line 1: there is no column "seq_id"; it has id, zebra'],
  [
    'labels',
    'zebra,seq_id',
    'train_labels.csv, line 1: the columns must be seq_id and one for each class, not zebra, seq_id',
  ],
  ['labels', 'seq_id', 'train_labels.csv, line 1: the columns must be seq_id and one for each class, not seq_id'],
])('refuses %s whose header is %j', async (name, header, message) => {
  const change = (lines: string[]): void => {
    lines[0] = header;
  };
  await expect(index({ [name]: change })).rejects.toMatchObject({ code: 'METADATA_INVALID', message });
});

it('names a metadata file that was not handed over', async () => {
  const written = await FORMATS['competition-csv'](folder(), SEASON);

  await expect(indexed(folder(), { ...written, files: written.files.slice(0, 1) })).rejects.toMatchObject({
    code: 'METADATA_INVALID',
    message: "The season's metadata lacks train_labels.csv; there is train_metadata.csv",
  });
});
