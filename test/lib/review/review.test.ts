import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCamtrapDp, writeLabels, writeMegaDetector, readLocations } from '../../../lib/export';
import { openFolderReview, readReviewed, type FolderReview, type ViewRequest } from '../../../lib/review';
import { catalogFromFolder } from '../../../lib/seasons';
import { readLabelCsv } from '../../../lib/seasons/labels/labelCsv';
import { readMegaDetectorLabels } from '../../../lib/seasons/labels/megaDetectorLabels';
import { temporaryFolder } from '../../support/folders';
import { indexed } from '../metadata/support/indexed';
import { writePhotograph, writePredicted } from './support';

const folder = temporaryFolder();
const opened: FolderReview[] = [];
afterEach(async () => {
  for (const { review } of opened.splice(0)) await review.close();
});

const CLASSES = ['empty', 'human', 'zebra', 'failure'];
const SEQUENCES = [
  { files: ['river/a.jpg', 'river/b.jpg'], taken: '2024-05-02T06:00:00', probabilities: [0.1, 0, 0.9, 0] },
  { files: ['site10/c.jpg'], taken: '2024-05-01T06:00:00', probabilities: [0.6, 0, 0.4, 0] },
  { files: ['site2/d.jpg'], taken: '2024-05-01T07:00:00', probabilities: [0.2, 0.7, 0.1, 0] },
  { files: ['site2/e.jpg'], probabilities: [0, 0, 0.2, 0.8] },
];

async function open(): Promise<FolderReview> {
  const folderReview = await openFolderReview(await writePredicted(folder(), CLASSES, SEQUENCES));
  opened.push(folderReview);
  return folderReview;
}

const request = (changes: Partial<ViewRequest>): ViewRequest => ({
  order: 'doubt',
  show: 'all',
  by: 'Ana',
  ...changes,
});

/** First files, by the letter of their names. */
async function shown({ review }: FolderReview, changes: Partial<ViewRequest>): Promise<string> {
  const positions = await review.view(request(changes));
  return [...positions].map((position) => review.row(position, 'Ana').sequence.at(-5)).join('');
}

const mark = (sequence: string, by: string, labels: readonly string[] | null) => ({
  sequence,
  by,
  labels: labels === null ? null : [...labels],
});

describe('what cannot be reviewed', () => {
  test('a folder without predictions, or that nobody reviewed, is named', async () => {
    await expect(openFolderReview(folder())).rejects.toThrow('has no journal.jsonl');
    const predictions = await writePredicted(folder(), CLASSES, SEQUENCES);
    await expect(readReviewed(predictions)).rejects.toThrow('has no reviews.jsonl');
    await writeFile(join(predictions, 'predictions.csv'), 'file,label,failure\n');
    await expect(openFolderReview(predictions)).rejects.toThrow('lacks the column sequence, taken, probability');
  });

  test('a sequence that is not there takes no mark', async () => {
    const { review } = await open();
    expect(await review.mark(mark('river/b.jpg', 'Ana', ['zebra']))).toBe(false);
    expect(review.progress().reviewed).toBe(0);
  });

  test('photographs are only read below the folder, whatever their names and links say', async () => {
    const { readPhotograph } = await open();
    await writePhotograph(join(folder(), 'card', 'a.jpg'));
    await writePhotograph(join(folder(), 'secret.jpg'));
    await writePhotograph(join(folder(), 'card-other', 'a.jpg'));
    await symlink(join(folder(), 'secret.jpg'), join(folder(), 'card', 'link.jpg'));
    const refused = [
      '../secret.jpg',
      '/etc/passwd',
      'link.jpg',
      '../card-other/a.jpg',
      '',
      'gone.jpg',
      'a.jpg/b',
      'a\0',
    ];
    expect(await Promise.all(refused.map((file) => readPhotograph(file)))).toEqual(refused.map(() => undefined));
    expect(await readPhotograph('a.jpg')).toBeInstanceOf(Buffer);
  });
});

describe('the sequences', () => {
  test('come in the order that is asked for, and only those that are asked for', async () => {
    const folderReview = await open();
    const orders = ['doubt', 'class', 'site', 'day'] as const;
    const views = orders.map(async (order) => [order, await shown(folderReview, { order })]);
    expect(Object.fromEntries(await Promise.all(views))).toEqual({
      doubt: 'cdea',
      class: 'ceda',
      site: 'aedc',
      day: 'edca',
    });
    expect([...(await shown(folderReview, { order: 'random' }))].sort().join('')).toBe('acde');
    expect(await shown(folderReview, { label: 'zebra' })).toBe('a');
    expect(await shown(folderReview, { site: 'site2' })).toBe('de');
    expect(await shown(folderReview, { day: '2024-05-01' })).toBe('cd');
  });

  test('a class may have the name of a column', async () => {
    const { review } = await open();
    expect(review.row(3, 'Ana').answers).toEqual([
      ['failure', 0.8],
      ['zebra', 0.2],
      ['empty', 0],
      ['human', 0],
    ]);
  });
});

describe('marks of several people', () => {
  test('are kept apart, are told to who has looked, and the last word of each counts', async () => {
    const { review } = await open();
    await review.mark(mark('river/a.jpg', 'Ana', ['Zebra']));
    await review.mark(mark('river/a.jpg', 'Ben', ['okapi']));
    expect(review.row(0, 'Cem')).not.toHaveProperty('others');
    expect(review.row(0, 'Ana')).toMatchObject({ mine: ['zebra'], others: [{ by: 'Ben', labels: ['okapi'] }] });
    expect(review.classes).toContain('okapi');
    expect(review.progress()).toMatchObject({ reviewed: 1, disputed: 1, right: 0 });
    await review.mark(mark('river/a.jpg', 'Ben', ['ZEBRA']));
    expect(review.progress()).toMatchObject({ reviewed: 1, disputed: 0, right: 1 });
    await review.mark(mark('river/a.jpg', 'Ben', null));
    expect(review.row(0, 'Ana').others).toEqual([]);
  });

  test('are compared where both could tell', async () => {
    const folderReview = await open();
    const { review } = folderReview;
    const said = { Ana: ['zebra', 'empty', 'human'], Ben: ['zebra', 'zebra', 'human'] };
    for (const [by, labels] of Object.entries(said)) {
      for (const [position, label] of labels.entries()) {
        await review.mark(mark(SEQUENCES[position]!.files[0]!, by, [label]));
      }
    }
    await review.mark(mark('site2/e.jpg', 'Ana', []));
    await review.mark(mark('site2/e.jpg', 'Ben', ['zebra']));
    // By chance: zebra 1/3 · 2/3, human 1/3 · 1/3, empty never.
    const chance = 1 / 3;
    const [agreement] = review.progress().agreements;
    expect(agreement).toMatchObject({ people: ['Ana', 'Ben'], both: 3, same: 2 });
    expect(agreement!.kappa).toBeCloseTo((2 / 3 - chance) / (1 - chance));
    expect(await shown(folderReview, { show: 'disputed' })).toBe('c');
    expect(await shown(folderReview, { show: 'open', by: 'Cem' })).toBe('cdea');
  });
});

describe('what was reviewed, as labels', () => {
  async function reviewed(): Promise<string> {
    const { review } = await open();
    await review.mark(mark('river/a.jpg', 'Ana', ['zebra', 'wild, "dog"']));
    await review.mark(mark('river/a.jpg', 'Ben', ['wild, "dog"', 'Zebra']));
    await review.mark(mark('site10/c.jpg', 'Ben', ['empty']));
    await review.mark(mark('site2/d.jpg', 'Ana', ['human']));
    await review.mark(mark('site2/d.jpg', 'Ben', ['zebra']));
    return join(folder(), 'card-predictions');
  }
  const LABELS = [
    ['river/a.jpg', 'zebra'],
    ['river/a.jpg', 'wild, "dog"'],
    ['river/b.jpg', 'zebra'],
    ['river/b.jpg', 'wild, "dog"'],
    ['site10/c.jpg', 'empty'],
    ['site2/d.jpg', 'unknown'],
  ];

  test('is a CSV that our own reader takes, with who said it', async () => {
    const path = join(folder(), 'card.csv');
    expect(await writeLabels(await readReviewed(await reviewed()), path)).toBe(LABELS.length);
    const labels = await readLabelCsv(path);
    expect(labels.map(({ file, labels: [label] }) => [file, label])).toEqual(LABELS);
    expect(labels[0]).toMatchObject({ site: 'river', time: '2024-05-02T06:00:00', sequence: 'river/a.jpg' });
    expect(labels.map(({ classifiedBy }) => classifiedBy)).toEqual([
      ...Array<string>(4).fill('Ana; Ben'),
      'Ben',
      'Ana; Ben',
    ]);
  });

  test('is a season of the next catalog', async () => {
    const predictions = await reviewed();
    for (const { files } of SEQUENCES) for (const file of files) await writePhotograph(join(folder(), 'card', file));
    await writeLabels(await readReviewed(predictions), join(folder(), 'card.csv'));
    const catalog = await catalogFromFolder(folder());
    expect(catalog.seasons.map(({ id }) => id)).toEqual(['card']);
    expect(catalog.classes).toEqual(['empty', 'wild, "dog"', 'zebra']);
    const file = join(folder(), 'card-labels.json');
    const coco = JSON.parse(await readFile(file, 'utf8'));
    expect(coco.annotations[0]).toMatchObject({ classified_by: 'Ana; Ben' });
    const { metadata } = catalog.seasons[0]!;
    const { sequences } = await indexed(folder(), { metadata, files: [file] }, { catalog, season: 'card' });
    expect(sequences.map(({ sequence, labels }) => [sequence, labels])).toEqual([
      ['river/a.jpg', ['wild, "dog"', 'zebra']],
      ['site10/c.jpg', ['empty']],
      ['site2/d.jpg', []],
    ]);
  });

  test("is MegaDetector's format, without what nobody could tell", async () => {
    const path = join(folder(), 'labels.json');
    await writeMegaDetector(await readReviewed(await reviewed()), path);
    const labels = await readMegaDetectorLabels(path);
    expect(labels.flatMap(({ file, labels: all }) => all.map((label) => [file, label]))).toEqual(LABELS.slice(0, -1));
  });

  test('is a Camtrap DP package that people classified', async () => {
    const source = await readReviewed(await reviewed());
    const directory = join(folder(), 'package');
    await writeCamtrapDp({ source, directory, locations: await readLocations('-2,34'), utcOffset: 'Z' });
    const observations = await readFile(join(directory, 'observations.csv'), 'utf8');
    expect(observations.match(/,human,Ana; Ben,/g)).toHaveLength(3);
  });
});
