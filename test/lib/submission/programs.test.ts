import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { decodeFrame, loadModel } from '../../../lib/model';
import { COLOUR_CARD, photograph, writeColourModel, type ColourClass } from './support/colourModel';
import { readSubmission, run, runners } from './support/programs';

const PROGRAMS = join(__dirname, '../../../lib/submission/programs');

let folder: string;
let data: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serengeti-programs-'));
  data = join(folder, 'data');
  await mkdir(data);
  for (const name of await readdir(PROGRAMS)) await cp(join(PROGRAMS, name), join(folder, name));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function frame(
  name: string,
  className: ColourClass,
  change: (jpeg: Buffer) => Buffer | Promise<Buffer> = (jpeg) => jpeg,
) {
  await writeFile(join(data, name), await change(await photograph(className)));
}

async function tables(metadata: readonly string[], sequences: readonly string[], columns = COLOUR_CARD.classes) {
  await writeFile(join(data, 'test_metadata.csv'), ['seq_id,file_name,datetime', ...metadata].join('\n'));
  const cells = columns.map(() => '0').join(',');
  const rows = sequences.map((sequence) => `${sequence},${cells}`);
  await writeFile(join(data, 'submission_format.csv'), [`seq_id,${columns.join(',')}`, ...rows].join('\n'));
}

describe.each(runners())('$name', (runner) => {
  test('names the animals of every sequence, in the order of the format, in its columns', async () => {
    await writeColourModel(join(folder, 'assets'));
    await frame('a.JPG', 'zebra');
    await frame('b.JPG', 'empty');
    await frame('c.JPG', 'buffalo');
    await tables(
      ['s3,b.JPG,', 's1,a.JPG,2010-07-20', 's2,c.JPG,'],
      ['s1', 's2', 's3'],
      ['zebra', 'empty', 'buffalo', 'elephant'],
    );

    const { status, log } = await run(runner, folder);

    expect({ status, log }).toMatchObject({
      status: 0,
      log: expect.stringContaining('0 frames missing, 0 unreadable'),
    });
    const submission = await readSubmission(folder);
    expect(submission.columns).toEqual(['seq_id', 'zebra', 'empty', 'buffalo', 'elephant']);
    expect(submission.sequences).toEqual(['s1', 's2', 's3']);
    expect(submission.cells.flat()).toEqual(Array(12).fill(expect.stringMatching(/[.e]/)));
    expect(mostProbable(submission.of('s1'))).toBe('zebra');
    expect(mostProbable(submission.of('s2'))).toBe('buffalo');
    expect(mostProbable(submission.of('s3'))).toBe('empty');
  });

  test('never stops at a frame: takes the others of its sequence, then the priors', async () => {
    await writeColourModel(join(folder, 'assets'));
    await frame('missing-2.JPG', 'elephant');
    await frame('garbage-1.JPG', 'zebra', () => Buffer.from('no photograph at all'));
    await frame('garbage-2.JPG', 'zebra');
    await frame('cut.JPG', 'buffalo', (jpeg) => jpeg.subarray(0, Math.round(jpeg.length * 0.8)));
    await frame('header.JPG', 'buffalo', (jpeg) => jpeg.subarray(0, 20));
    await writeFile(join(data, 'nothing.JPG'), '');
    await frame('grey.JPG', 'empty', async (jpeg) => await sharp(jpeg).greyscale().jpeg().toBuffer());
    await frame(
      'rotated.JPG',
      'zebra',
      async (jpeg) => await sharp(jpeg).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    );
    await tables(
      [
        'missing,missing-1.JPG,',
        'missing,missing-2.JPG,',
        'garbage,garbage-2.JPG,',
        'garbage,garbage-1.JPG,',
        'cut,cut.JPG,',
        'header,header.JPG,',
        'nothing,nothing.JPG,',
        'gone,gone.JPG,',
        'grey,grey.JPG,',
        'rotated,rotated.JPG,',
      ],
      ['missing', 'garbage', 'cut', 'header', 'nothing', 'gone', 'grey', 'rotated'],
    );

    const { status, log } = await run(runner, folder);

    expect(log).toContain('missing-1.JPG is missing');
    expect(log).toContain('garbage-1.JPG cannot be read');
    expect(log).toContain('2 frames missing, 3 unreadable, 3 sequences without any');
    expect(status).toBe(0);
    const submission = await readSubmission(folder);
    const seen = ['missing', 'garbage', 'cut', 'grey', 'rotated'].map((sequence) =>
      mostProbable(submission.of(sequence)),
    );
    expect(seen).toEqual(['elephant', 'zebra', 'buffalo', 'empty', 'zebra']);
    const priors = Object.fromEntries(COLOUR_CARD.classes.map((name, index) => [name, COLOUR_CARD.priors[index]]));
    for (const sequence of ['header', 'nothing', 'gone']) expect(submission.of(sequence)).toEqual(priors);
  });

  test('pools as many frames as the model was trained for, by its rule, and undoes the sampling', async () => {
    await writeColourModel(join(folder, 'assets'), { framesPerSequence: 2, pooling: 'geometric', samplingRates: {} });
    for (const [index, className] of (['zebra', 'buffalo', 'empty', 'elephant'] as const).entries()) {
      await frame(`${index}.JPG`, className);
    }
    await tables(
      [
        'all,0.JPG,',
        'all,1.JPG,',
        'all,2.JPG,',
        'all,3.JPG,',
        'ends,0.JPG,',
        'ends,3.JPG,',
        'first,0.JPG,',
        'last,3.JPG,',
      ],
      ['all', 'ends', 'first', 'last'],
    );

    const plain = await run(runner, folder);
    const pooled = await readSubmission(folder);
    await writeColourModel(join(folder, 'assets'), { framesPerSequence: 2, pooling: 'geometric' });
    await run(runner, folder);
    const corrected = await readSubmission(folder);

    expect(plain.status).toBe(0);
    expect(pooled.of('all')).toEqual(pooled.of('ends')); // two of four frames: the first and the last
    const [first, last] = [pooled.of('first'), pooled.of('last')];
    const raw = {
      ...Object.fromEntries(COLOUR_CARD.classes.map((name) => [name, (first[name]! + last[name]!) / 2])),
      empty: Math.sqrt(first['empty']! * last['empty']!),
    };
    const sum = Object.values(raw).reduce((total, value) => total + value, 0);
    for (const [name, value] of Object.entries(raw)) expect(pooled.of('ends')[name]).toBeCloseTo(value / sum, 6);
    // A tenth of the empties was kept: their odds grow tenfold.
    const odds = (probability: number) => probability / (1 - probability);
    expect(odds(corrected.of('first')['empty']!)).toBeCloseTo(10 * odds(first['empty']!), 4);
  });

  test.each(['features-mean', 'features-max'] as const)('pools by %s before the head', async (pooling) => {
    await writeColourModel(join(folder, 'assets'), {
      framesPerSequence: 'all',
      pooling,
      signature: { name: 'features', input: 'images', output: 'features' },
      headSignature: { name: 'head', input: 'features', output: 'probabilities' },
    });
    await frame('0.JPG', 'zebra');
    await frame('1.JPG', 'buffalo');
    await tables(['both,0.JPG,', 'both,1.JPG,'], ['both']);
    expect(await run(runner, folder)).toMatchObject({ status: 0 });
    const answer = (await readSubmission(folder)).of('both');

    const model = await loadModel(join(folder, 'assets'));
    const decoded = await Promise.all(
      ['0.JPG', '1.JPG'].map(async (name) =>
        decodeFrame(await readFile(join(folder, 'data', name)), model.card.preprocessing),
      ),
    );
    const rows = await Promise.all(decoded.map(({ pixels }) => model.network.run([pixels])));
    const expected = model.predictSequence(rows, 's');
    model.dispose();
    COLOUR_CARD.classes.forEach((name, label) => expect(answer[name]).toBeCloseTo(expected[label]!, 4));
  });

  test('passes over what cannot be read before it chooses, as picking does', async () => {
    await writeColourModel(join(folder, 'assets'), { framesPerSequence: 3 });
    const shown = ['zebra', 'buffalo', 'elephant', 'empty', 'buffalo', 'zebra'] as const;
    for (const [index, className] of shown.entries()) await frame(`${index}.JPG`, className);
    await frame('6.JPG', 'empty', () => Buffer.from('no photograph at all'));
    const broken = [0, 1, 2, 3, 4, 5, 6].map((index) => `broken,${index}.JPG,`);
    await tables([...broken, 'whole,0.JPG,', 'whole,2.JPG,', 'whole,5.JPG,'], ['broken', 'whole']);

    expect(await run(runner, folder)).toMatchObject({ status: 0 });

    const submission = await readSubmission(folder);
    expect(submission.of('broken')).toEqual(submission.of('whole'));
  });

  test.each<[string, number, string]>([
    ['at all', NaN, 'answers NaN for a black photograph'],
    ['for a photograph', 3e38, 'answers NaN for b.JPG'],
  ])('a model that answers no number %s names no animal', async (_, blue, message) => {
    await writeColourModel(join(folder, 'assets'), {}, blue);
    await frame('a.JPG', 'empty');
    await frame('b.JPG', 'zebra');
    await tables(['s1,a.JPG,', 's2,b.JPG,'], ['s1', 's2']);

    const { status, log } = await run(runner, folder);

    expect(log.toLowerCase()).toContain(message.toLowerCase()); // Python writes nan
    expect(status).toBe(1);
    expect(await readdir(folder)).not.toContain('submission.csv');
  });

  describe('says exactly what is wrong with the data', () => {
    beforeEach(() => writeColourModel(join(folder, 'assets')));

    test.each<[string, () => Promise<unknown>, string]>([
      ['an empty folder', async () => undefined, 'submission_format.csv is missing'],
      [
        'no metadata',
        async () => {
          await tables([], ['s1']);
          await rm(join(data, 'test_metadata.csv'));
        },
        'test_metadata.csv is missing',
      ],
      [
        'columns that the model does not know',
        () => tables(['s1,a.JPG,'], ['s1'], ['zebra', 'okapi']),
        'submission_format.csv has columns that the model does not know: "okapi"',
      ],
      [
        'a column twice',
        () => tables(['s1,a.JPG,'], ['s1'], ['zebra', 'zebra']),
        'submission_format.csv: column "zebra" occurs twice',
      ],
      [
        'a sequence twice',
        () => tables(['s1,a.JPG,'], ['s1', 's1']),
        'submission_format.csv: sequence "s1" occurs twice',
      ],
      [
        'sequences without frames in the metadata',
        () => tables(['s1,a.JPG,'], ['s1', 's2', 's3']),
        'test_metadata.csv lacks 2 sequences of the format: "s2", "s3"',
      ],
      [
        'sequences that the format lacks',
        () => tables(['s1,a.JPG,', 's9,b.JPG,'], ['s1']),
        'test_metadata.csv has 1 sequences that the format lacks: "s9"',
      ],
      [
        'metadata with other columns',
        async () => {
          await tables([], ['s1']);
          await writeFile(join(data, 'test_metadata.csv'), 'capture,image\ns1,a.JPG\n');
        },
        'test_metadata.csv has no column "seq_id"; it has "capture", "image"',
      ],
      [
        'a row that is cut off',
        () => tables(['s1,a.JPG,', 's1'], ['s1']),
        'test_metadata.csv, row 3: 1 fields, the header has 3',
      ],
    ])('%s', async (_, prepare, message) => {
      await prepare();
      const { status, log } = await run(runner, folder);
      expect(log).toContain(message);
      expect(status).toBe(1);
      expect(await readdir(folder)).not.toContain('submission.csv');
    });
  });
});

function mostProbable(probabilities: Readonly<Record<string, number>>): string {
  return Object.keys(probabilities).reduce((best, name) => (probabilities[name]! > probabilities[best]! ? name : best));
}
