import { appendFile, mkdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import type { ModelCard } from '../../../../lib/contracts/model';
import type { Progress } from '../../../../lib/contracts/progress';
import { outputFor, predictFolder, type PredictInput, type PredictWork } from '../../../../lib/model/predict';
import { temporaryFolder } from '../../../support/folders';
import { photograph, poolingCard, TINY_WIDTH, tinyCard, writeTinyClassifier } from '../support';

const folder = temporaryFolder();

beforeEach(async () => {
  await writeTinyClassifier(join(folder(), 'model'), tinyCard({ samplingRates: { empty: 0.5, impala: 1, zebra: 1 } }));
});

async function put(file: string, number: number, taken?: string): Promise<void> {
  const path = join(folder(), 'photographs', file);
  await mkdir(dirname(path), { recursive: true });
  const image = sharp(await photograph(number));
  const exif = taken === undefined ? image : image.withExif({ IFD2: { DateTimeOriginal: taken } });
  await writeFile(path, await exif.jpeg().toBuffer());
}

const predict = (work: PredictWork = {}, rest: Partial<PredictInput> = {}) =>
  predictFolder(
    {
      folder: join(folder(), 'photographs'),
      modelDirectory: join(folder(), 'model'),
      output: join(folder(), 'out'),
      ...rest,
    },
    work,
  );

type Row = Record<string, string>;
const csv = async (): Promise<Row[]> =>
  parse<Row>(await readFile(join(folder(), 'out', 'predictions.csv')), { columns: true });
type Json = {
  info: { format_version: string };
  detection_categories: object;
  classification_categories: object;
  images: Image[];
};
type Image = { detections: { conf: number; classifications: [label: string, probability: number][] }[] };
const json = async () => JSON.parse(await readFile(join(folder(), 'out', 'predictions.json'), 'utf8')) as Json;

describe('nothing to predict', () => {
  test('a folder that is not there', async () => {
    await expect(predict()).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('photographs cannot be read'),
    });
  });

  test('a folder without photographs', async () => {
    await mkdir(join(folder(), 'photographs'));
    await writeFile(join(folder(), 'photographs', 'notes.txt'), 'nothing');
    await expect(predict()).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('has no photographs (.jpg'),
    });
  });

  test('a model whose parts disagree', async () => {
    await put('a.jpg', 1);
    await writeFile(join(folder(), 'model', 'labels.txt'), 'cat\n');
    await expect(predict()).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

describe('a folder of good and broken photographs', () => {
  beforeEach(async () => {
    await put('site/1.JPG', 1, '2020:01:02 03:04:05');
    await put('site/2.jpg', 2, '2020:01:02 03:04:07');
    await put('site/3.jpeg', 3, '2020:01:02 04:00:00');
    await put('cut.jpg', 4);
    await truncate(join(folder(), 'photographs', 'cut.jpg'), 700);
    await writeFile(join(folder(), 'photographs', 'broken, "really".jpg'), 'no photograph');
    await writeFile(join(folder(), 'photographs', 'empty.png'), '');
  });

  test('the good are labelled, the broken listed with the reason', async () => {
    expect(await predict()).toMatchObject({
      photographs: 6,
      sequences: 3,
      failed: 2,
      truncated: 1,
      reused: 0,
      skipped: [],
    });
    const rows = await csv();
    expect(rows.map(({ file }) => file)).toEqual([
      'broken, "really".jpg',
      'cut.jpg',
      'empty.png',
      'site/1.JPG',
      'site/2.jpg',
      'site/3.jpeg',
    ]);
    expect(rows[0]).toMatchObject({ failure: 'Input buffer contains unsupported image format', label: '', zebra: '' });
    expect(rows[1]).toMatchObject({ taken: '', taken_from: '', ended_early: 'yes', failure: '' });
    expect(rows[3]).toMatchObject({
      sequence: 'site/1.JPG',
      taken: '2020-01-02T03:04:05',
      failure: '',
      ended_early: '',
    });
    expect(rows[3]).toMatchObject({ taken_from: 'DateTimeOriginal' });
    for (const row of rows.filter(({ failure }) => failure === '')) {
      const values = ['empty', 'impala', 'zebra'].map((name) => Number(row[name]));
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 3);
      expect(Number(row.probability)).toBe(Math.max(...values));
      expect(Number(row[row.label!])).toBe(Number(row.probability));
    }
  });

  test('a sequence has one prediction for all its photographs', async () => {
    await predict();
    const [one, two, three] = (await csv()).slice(3);
    expect(two).toEqual({ ...one, file: 'site/2.jpg', taken: '2020-01-02T03:04:07' });
    expect(three!.sequence).toBe('site/3.jpeg');
  });

  test('a model that pools features looks at the photographs of a sequence at once', async () => {
    await predict();
    const single = await csv();
    const change = { samplingRates: { empty: 0.5 }, framesPerSequence: 'all' as const };
    await writeTinyClassifier(join(folder(), 'model'), poolingCard('features-mean', change));
    expect(await predict()).toMatchObject({ photographs: 6, sequences: 3, reused: 0 });
    const rows = await csv();
    // Alone, a photograph's features are their own mean.
    for (const name of ['empty', 'impala', 'zebra']) {
      expect(Number(rows[5]![name])).toBeCloseTo(Number(single[5]![name]), 3);
    }
    expect(rows[3]!.empty).toBe(rows[4]!.empty);
    expect(rows[3]!.empty).not.toBe(single[3]!.empty);
    expect(await predict()).toMatchObject({ reused: 4 });
  });

  test("MegaDetector's format: detections for the good, a failure and no list for the broken", async () => {
    await predict();
    const { info, detection_categories, classification_categories, images } = await json();
    expect(info.format_version).toMatch(/^\d+\.\d+$/);
    expect(detection_categories).toEqual({ 1: 'animal' });
    expect(classification_categories).toEqual({ 0: 'empty', 1: 'impala', 2: 'zebra' });
    expect(images[0]).toEqual({
      file: 'broken, "really".jpg',
      failure: 'Input buffer contains unsupported image format',
      detections: null,
    });
    const [row] = (await csv()).slice(3);
    const [detection] = images[3]!.detections;
    expect(detection).toMatchObject({ category: '1', bbox: [0, 0, 1, 1] });
    expect(detection!.conf).toBeCloseTo(1 - Number(row!.empty), 4);
    expect(detection!.classifications.map(([label]) => label).sort()).toEqual(['1', '2']);
    expect(detection!.classifications[0]![1]).toBeGreaterThanOrEqual(detection!.classifications[1]![1]);
  });
});

describe('a model that was trained on some frames of each sequence', () => {
  const seconds = (count: number) => Array.from({ length: count }, (_, second) => second);

  beforeEach(async () => {
    for (const second of seconds(6)) await put(`${second}.jpg`, second, `2020:01:02 03:04:0${second}`);
  });

  /** What a folder with some of the photographs is taken for, all of them looked at. */
  async function answerTo(chosen: readonly number[]): Promise<Row> {
    await rm(join(folder(), 'photographs'), { recursive: true });
    for (const second of chosen) await put(`${second}.jpg`, second, `2020:01:02 03:04:0${second}`);
    await writeTinyClassifier(join(folder(), 'model'), tinyCard({ framesPerSequence: 'all' }));
    await predict();
    return (await csv())[0]!;
  }

  const answerOf = ({ empty, impala, zebra }: Row) => ({ empty, impala, zebra });

  test.each<[ModelCard['framesPerSequence'], readonly number[]]>([
    ['first', [0]],
    [1, [0]],
    [3, [0, 2, 5]],
    [6, seconds(6)],
    ['all', seconds(6)],
  ])('%s: looks at those that picking takes', async (framesPerSequence, chosen) => {
    await writeTinyClassifier(join(folder(), 'model'), tinyCard({ framesPerSequence }));
    expect(await predict()).toMatchObject({ photographs: 6, sequences: 1, seen: chosen.length });
    const rows = await csv();
    expect(rows).toHaveLength(6);
    expect(new Set(rows.map(({ sequence }) => sequence))).toEqual(new Set(['0.jpg']));
    expect(answerOf(rows[5]!)).toEqual(answerOf(await answerTo(chosen)));
  });

  test('passes over what cannot be read before it chooses', async () => {
    // The EXIF block is whole, the rest of the photograph is gone: it belongs to the sequence, and cannot be decoded.
    const path = join(folder(), 'photographs', '5.jpg');
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.indexOf(Buffer.from([0xff, 0xda]))));
    await writeTinyClassifier(join(folder(), 'model'), tinyCard({ framesPerSequence: 3 }));
    expect(await predict()).toMatchObject({ photographs: 6, sequences: 1, seen: 3, failed: 1 });
    const rows = await csv();
    expect(rows[5]!.failure).not.toBe('');
    expect(answerOf(rows[0]!)).toEqual(answerOf(await answerTo([0, 2, 4])));
  });

  test('goes on with what it looked at before', async () => {
    await writeTinyClassifier(join(folder(), 'model'), tinyCard({ framesPerSequence: 2 }));
    await predict();
    expect(await predict()).toMatchObject({ seen: 2, reused: 2 });
  });
});

describe('a network that answers no number', () => {
  test('at all: is refused', async () => {
    await put('a.jpg', 1);
    await writeTinyClassifier(join(folder(), 'model'), tinyCard(), new Float32Array(3 * TINY_WIDTH).fill(NaN));
    await expect(predict()).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('answers NaN for a black photograph'),
    });
  });

  test('for a photograph: fails and names it', async () => {
    await mkdir(join(folder(), 'photographs'));
    const white = { create: { width: 64, height: 48, channels: 3 as const, background: 'white' } };
    await sharp(white)
      .jpeg()
      .toFile(join(folder(), 'photographs', 'white.jpg'));
    // A feature that black photographs do not have, times this, is more than float32 holds.
    const kernel = new Float32Array(3 * TINY_WIDTH);
    kernel[3] = 1e38;
    await writeTinyClassifier(join(folder(), 'model'), tinyCard(), kernel);
    await expect(predict()).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: 'The network answers NaN for white.jpg',
    });
  });
});

describe('a call after another', () => {
  const count = 40;

  beforeEach(async () => {
    for (let number = 0; number < count; number++) await put(`${String(number).padStart(2, '0')}.jpg`, number);
  });

  test('goes on where it was stopped and ends with the same files', async () => {
    const stop = new AbortController();
    const onProgress = ({ done }: Progress) => {
      if (done >= 16) stop.abort(new Error('stopped'));
    };
    await expect(predict({ batchSize: 8, signal: stop.signal, onProgress })).rejects.toThrow('stopped');
    const { reused } = await predict();
    expect(reused).toBeGreaterThanOrEqual(16);
    expect(reused).toBeLessThan(count);
    const resumed = [await csv(), await json()];
    await rm(join(folder(), 'out'), { recursive: true });
    await predict();
    expect([await csv(), await json()]).toEqual(resumed);
  });

  test('looks at what another card has under the same name, of the same size and time', async () => {
    const path = join(folder(), 'photographs', '00.jpg');
    const [first, second] = [await readFile(path), await readFile(join(folder(), 'photographs', '01.jpg'))];
    const bytes = Math.max(first.length, second.length);
    // What follows the end of a picture is no part of it.
    const insert = async (card: Buffer): Promise<void> => {
      await writeFile(path, Buffer.concat([card, Buffer.alloc(bytes - card.length)]));
      await utimes(path, 1, 1);
    };
    await insert(first);
    await predict();
    await insert(second);
    expect(await predict()).toMatchObject({ reused: count - 1 });
  });

  test('looks at new, changed and failed photographs only', async () => {
    await writeFile(join(folder(), 'photographs', 'late.jpg'), '');
    expect(await predict()).toMatchObject({ failed: 1 });
    await put('late.jpg', 50);
    await put('00.jpg', 51);
    await utimes(join(folder(), 'photographs', '00.jpg'), 1, 1);
    expect(await predict()).toMatchObject({ photographs: count + 1, reused: count - 1, failed: 0 });
  });

  test('takes no harm from a line that a crash cut short', async () => {
    await predict();
    await appendFile(join(folder(), 'out', 'journal.jsonl'), '{"file":"00.jpg","probab');
    expect(await predict()).toMatchObject({ reused: count });
    await put('new.jpg', 60);
    expect(await predict()).toMatchObject({ reused: count });
    expect(await predict()).toMatchObject({ reused: count + 1 });
  });

  test('with another model begins again', async () => {
    await predict();
    await writeTinyClassifier(join(folder(), 'model'), tinyCard({ samplingRates: { empty: 0.1 } }));
    expect(await predict()).toMatchObject({ reused: 0 });
  });
});

describe('cameras whose times cannot be', () => {
  test.each(['0000:00:00 00:00:00', '2019:13:01 00:00:00', '2019:02:30 10:00:00', '9999:01:01 00:00:00'])(
    '%s: photographs stand alone instead of being one sequence',
    async (taken) => {
      for (const number of [1, 2, 3]) await put(`${number}.jpg`, number, taken);
      expect(await predict()).toMatchObject({ photographs: 3, sequences: 3 });
      expect((await csv()).map((row) => [row.taken, row.taken_from])).toEqual(Array(3).fill(['', '']));
    },
  );

  test('a time out of the name says so', async () => {
    await put('20210531082538-RCNX0031.JPG', 1);
    await predict();
    expect((await csv())[0]).toMatchObject({ taken: '2021-05-31T08:25:38', taken_from: 'file name' });
  });
});

describe('a clock that was wrong', () => {
  beforeEach(async () => {
    await put('river/1.jpg', 1, '2019:01:01 00:00:00');
    await put('river/up/2.jpg', 2, '2019:01:01 00:00:00');
    await put('hill/3.jpg', 3, '2019:01:01 00:00:00');
  });

  test('is put right folder by folder, the innermost counts', async () => {
    await predict({}, { clocks: { './river/': 3600, 'river/up': -86_400 } });
    expect((await csv()).map(({ file, taken }) => [file, taken])).toEqual([
      ['hill/3.jpg', '2019-01-01T00:00:00'],
      ['river/1.jpg', '2019-01-01T01:00:00'],
      ['river/up/2.jpg', '2018-12-31T00:00:00'],
    ]);
    await predict({}, { clocks: { '.': 60 } });
    expect((await csv())[0]!.taken).toBe('2019-01-01T00:01:00');
  });

  test('of a folder without photographs is a mistake', async () => {
    await expect(predict({}, { clocks: { rivr: 3600 } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'The clocks of rivr/ cannot be put right: no photographs there',
    });
  });
});

describe('results', () => {
  test('of another folder are refused; the next card gets a folder of its own', async () => {
    const [first, second] = ['card1/DCIM', 'card2/DCIM'].map((card) => join(folder(), 'photographs', card));
    await put('card1/DCIM/100RECNX/1.jpg', 1);
    await put('card2/DCIM/100RECNX/1.jpg', 1);
    const output = await outputFor(first!, folder());
    expect(output).toBe(join(folder(), 'DCIM-predictions'));
    await predict({}, { folder: first!, output });
    await expect(predict({}, { folder: second!, output })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await outputFor(first!, folder())).toBe(output);
    const other = await outputFor(second!, folder());
    expect(other).toBe(join(folder(), 'DCIM-predictions-2'));
    expect(await predict({}, { folder: second!, output: other })).toMatchObject({ reused: 0 });
    expect(await outputFor(second!, folder())).toBe(other);
  });

  test.each([
    ['below a file', 'file/out'],
    ['in the place of a file', 'file'],
    ['with a name that is too long', 'x'.repeat(300)],
    ['below a link to itself', 'loop/out'],
  ])('%s cannot be written, and a sentence says so', async (_, output) => {
    await put('a.jpg', 1);
    await writeFile(join(folder(), 'file'), '');
    await symlink('loop', join(folder(), 'loop'));
    await expect(predict({}, { output: join(folder(), output) })).rejects.toMatchObject({
      code: 'OUTPUT_FORBIDDEN',
      message: expect.stringContaining(`Results cannot be written to ${join(folder(), output)}`),
    });
  });

  test('where a folder has taken the name of a result: the place is named', async () => {
    await put('a.jpg', 1);
    await mkdir(join(folder(), 'out', 'predictions.csv', 'x'), { recursive: true });
    await expect(predict()).rejects.toMatchObject({ code: 'OUTPUT_FORBIDDEN' });
  });
});

describe('a folder that a detector looked at', () => {
  const crop = { threshold: 0.5 };
  const IMPALA = { category: '1', conf: 0.9, bbox: [0.1, 0.1, 0.4, 0.4] };
  const UNSURE = { category: '1', conf: 0.3, bbox: [0.6, 0.6, 0.2, 0.2] };
  const RANGER = { category: '2', conf: 0.8, bbox: [0.5, 0.1, 0.2, 0.6] };

  const detected = async (images: readonly object[]) => {
    const detection_categories = { '1': 'animal', '2': 'person' };
    await writeFile(join(folder(), 'detections.json'), JSON.stringify({ detection_categories, images }));
    return { detections: join(folder(), 'detections.json') };
  };

  beforeEach(async () => {
    await put('1.jpg', 1, '2020:01:02 03:04:05');
    await put('2.jpg', 2, '2020:01:02 04:04:05');
    const card = tinyCard();
    await writeTinyClassifier(join(folder(), 'model'), { ...card, preprocessing: { ...card.preprocessing, crop } });
  });

  test('a model of crops without it says what it needs', async () => {
    await expect(predict()).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('--detections') as string,
    });
  });

  test('detections of another folder are refused, with names from both', async () => {
    await expect(predict({}, await detected([{ file: 'x/1.jpg', detections: [] }]))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(
        /tells of none of the photographs in .*It has "x\/1\.jpg"; the folder has "1\.jpg"/,
      ) as string,
    });
  });

  test('each box has a class, of its own look where it is sure enough', async () => {
    await predict({}, await detected([{ file: '1.jpg', detections: [IMPALA, RANGER, UNSURE] }]));

    const { detection_categories, images } = await json();
    expect(detection_categories).toEqual({ '1': 'animal', '2': 'person' });
    expect(images[0]!.detections).toMatchObject([IMPALA, { ...RANGER, classifications: [] }, UNSURE]);
    expect(images[0]!.detections[0]!.classifications).toHaveLength(2);
    expect(images[1]!.detections).toMatchObject([{ category: '1', bbox: [0, 0, 1, 1] }]);
  });

  test('other detections are predicted anew, the same ones are not', async () => {
    const first = await detected([{ file: '1.jpg', detections: [IMPALA] }]);
    await predict({}, first);
    const [before] = await csv();
    expect(await predict({}, first)).toMatchObject({ reused: 2 });

    expect(await predict({}, await detected([{ file: '1.jpg', detections: [] }]))).toMatchObject({ reused: 0 });
    expect((await csv())[0]!.probability).not.toBe(before!.probability);
  });

  test('animals in one photograph are pooled, and it counts once', async () => {
    const both = [IMPALA, { ...IMPALA, bbox: [0.5, 0.5, 0.3, 0.3] }];
    const seen = await predict({ batchSize: 1 }, await detected([{ file: '1.jpg', detections: both }]));
    expect(seen).toMatchObject({ photographs: 2, seen: 2, failed: 0 });
    const { images } = await json();
    expect(images[0]!.detections[0]!.classifications).not.toEqual(images[0]!.detections[1]!.classifications);
  });
});
