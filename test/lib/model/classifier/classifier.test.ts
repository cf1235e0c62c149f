import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '../../../../lib/contracts/model';
import { assembleModel, loadModel, readModelCard } from '../../../../lib/model/classifier';
import { decodeFrame } from '../../../../lib/model/features';
import type { Head } from '../../../../lib/model/head';
import { temporaryFolder } from '../../../support/folders';
import { photograph, poolingCard, PREPROCESSING, tinyCard, writeTinyClassifier } from '../support';

const folder = temporaryFolder();

beforeEach(async () => {
  await writeTinyClassifier(folder());
});

async function changeCard(change: object): Promise<void> {
  const path = join(folder(), 'model.json');
  const card = JSON.parse(await readFile(path, 'utf8')) as ModelCard;
  await writeFile(path, JSON.stringify({ ...card, ...change }));
}

describe('parts that disagree are refused with the reason', () => {
  test.each<[string, () => Promise<void>, string | RegExp]>([
    ['no model.json', () => rm(join(folder(), 'model.json')), 'model.json cannot be read'],
    ['a model.json cut short', () => writeFile(join(folder(), 'model.json'), '{"format": 1,'), 'is not JSON'],
    ['a later format', () => changeCard({ format: 2 }), 'format:'],
    ['every problem at once', () => changeCard({ backbone: 'vgg', output: 'tanh' }), /backbone:[^]*output:/],
    ['an empty class that is none', () => changeCard({ emptyClass: 'blank' }), 'has no class "blank"'],
    ['too few priors', () => changeCard({ priors: [1] }), 'has 1 priors for 3 classes'],
    [
      'a calibration of other classes',
      () => changeCard({ calibration: { temperature: 1, bias: [0] } }),
      'calibrates 1 of 3 classes',
    ],
    ['a rate of an unknown class', () => changeCard({ samplingRates: { lion: 1 } }), 'sampling rate of "lion"'],
    [
      'labels in another order',
      () => writeFile(join(folder(), 'labels.txt'), 'empty\nzebra\nimpala\n'),
      'says "zebra" on line 2, model.json "impala"',
    ],
    [
      'a label too many',
      () => writeFile(join(folder(), 'labels.txt'), 'empty\nimpala\nzebra\nlion\n'),
      'has 4 classes',
    ],
    ['no labels.txt', () => rm(join(folder(), 'labels.txt')), 'labels.txt cannot be read'],
    ['no SavedModel', () => rm(join(folder(), 'saved_model'), { recursive: true }), 'is no SavedModel'],
    [
      'a SavedModel that is noise',
      () => writeFile(join(folder(), 'saved_model', 'saved_model.pb'), 'noise'),
      'is no SavedModel',
    ],
    [
      'another signature',
      () => changeCard({ signature: { name: 'other', input: 'images', output: 'probabilities' } }),
      'has no signature "other"',
    ],
    [
      'another output',
      () => changeCard({ signature: { name: 'serving_default', input: 'images', output: 'scores' } }),
      'has no output "scores"',
    ],
    [
      'another size of photographs',
      () => changeCard({ preprocessing: { ...PREPROCESSING, width: 224 } }),
      'takes photographs of 32×24, expected 224×24',
    ],
    [
      'more classes than outputs',
      async () => {
        await changeCard({ classes: ['empty', 'impala', 'zebra', 'lion'], priors: [1, 0, 0, 0] });
        await writeFile(join(folder(), 'labels.txt'), 'empty\nimpala\nzebra\nlion\n');
      },
      'gives 3 probabilities for 4 classes',
    ],
    [
      'pooled features without a signature of the head',
      () => changeCard({ pooling: 'features-max' }),
      'has no headSignature',
    ],
    [
      'a signature of the head without pooled features',
      () => changeCard({ headSignature: poolingCard('features-mean').headSignature }),
      'has a headSignature with the pooling "mean"',
    ],
    [
      'another signature of the head',
      () => changeCard({ ...poolingCard('features-mean'), headSignature: { name: 'neck', input: 'a', output: 'b' } }),
      'cannot be used by its signature "neck"',
    ],
    [
      'another width of features',
      () => changeCard(poolingCard('features-mean', { featureWidth: 7 })),
      'gives 8 features, model.json says 7',
    ],
  ])('%s', async (_, damage, message) => {
    await damage();
    const expected = typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message);
    await expect(loadModel(folder())).rejects.toMatchObject({ code: 'MODEL_INVALID', message: expected });
  });
});

test('a whole model classifies photographs', async () => {
  const model = await loadModel(folder());
  try {
    expect(model.card).toEqual(await readModelCard(folder()));
    const { pixels } = await decodeFrame(await photograph(1), model.card.preprocessing);
    const rows = await model.network.run([pixels, pixels]);
    expect(rows).toHaveLength(6);
    expect(rows[0]! + rows[1]! + rows[2]!).toBeCloseTo(1, 5);
    expect(rows.slice(0, 3)).toEqual(rows.slice(3));
  } finally {
    model.dispose();
  }
});

describe('a head and a card that do not fit are not assembled', () => {
  const head: Head = {
    layers: [{ inputs: 8, outputs: 3, kernel: new Float32Array(24), bias: new Float32Array(3) }],
    output: 'softmax',
  };

  test.each<[string, Partial<ModelCard>, string]>([
    ['classes', { classes: ['empty', 'impala'] }, '3 outputs for 2 classes'],
    ['width', { featureWidth: 1280 }, 'takes 8 values, features have 1280'],
    ['output', { output: 'sigmoid' }, 'ends in softmax, the card says sigmoid'],
  ])('%s', async (_, change, message) => {
    const parts = { card: { ...tinyCard(), ...change }, head, weightsPath: 'none', pooling: 'average' as const };
    await mkdir(join(folder(), 'draft'));
    await expect(assembleModel({ ...parts, directory: join(folder(), 'draft') })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining(message),
    });
  });
});

describe('a sequence', () => {
  async function rowsOf(card: ModelCard): Promise<{ rows: Float32Array[]; sequence: Float64Array }> {
    await writeTinyClassifier(folder(), card);
    const model = await loadModel(folder());
    const frames = await Promise.all(
      [1, 2, 3].map(async (number) => decodeFrame(await photograph(number), model.card.preprocessing)),
    );
    const { width } = model.network;
    const all = await model.network.run(frames.map(({ pixels }) => pixels));
    const rows = frames.map((_, frame) => all.subarray(frame * width, (frame + 1) * width));
    const sequence = model.predictSequence(rows, 's');
    model.dispose();
    return { rows, sequence };
  }

  test('is the mean of its frames', async () => {
    const { rows, sequence } = await rowsOf(tinyCard());
    const means = [0, 1, 2].map((label) => (rows[0]![label]! + rows[1]![label]! + rows[2]![label]!) / 3);
    [...sequence].forEach((value, label) => expect(value).toBeCloseTo(means[label]!, 6));
  });

  test('with priors corrected', async () => {
    const { sequence: plain } = await rowsOf(tinyCard());
    const { sequence } = await rowsOf(tinyCard({ samplingRates: { empty: 0.5, impala: 1, zebra: 1 } }));
    const odds = (row: Float64Array) => row[0]! / (1 - row[0]!);
    expect(odds(sequence)).toBeCloseTo(2 * odds(plain), 4);
  });

  test('of pooled features is one look at them: equal frames are as one, different ones are not the mean', async () => {
    const { rows, sequence } = await rowsOf(poolingCard('features-max'));
    const model = await loadModel(folder());
    const whole = await loadModel(await asOne(tinyCard()));
    const { pixels } = await decodeFrame(await photograph(1), model.card.preprocessing);
    const single = await whole.network.run([pixels]);
    [...model.predictSequence([rows[0]!, rows[0]!], 's')].forEach((value, label) => {
      expect(value).toBeCloseTo(single[label]!, 5);
    });
    const each = rows.map((row) => model.predictSequence([row], 's')[0]!);
    expect(Math.abs(sequence[0]! - (each[0]! + each[1]! + each[2]!) / 3)).toBeGreaterThan(1e-4);
    expect(sequence.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    model.dispose();
    whole.dispose();
  });

  async function asOne(card: ModelCard): Promise<string> {
    const directory = join(folder(), 'whole');
    await mkdir(directory, { recursive: true });
    await writeTinyClassifier(directory, card);
    return directory;
  }
});
