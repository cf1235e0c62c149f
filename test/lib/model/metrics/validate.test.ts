import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '../../../../lib/contracts/model';
import type { PickCounts, PickedFrame } from '../../../../lib/contracts/pick';
import { trainingOptionsSchema } from '../../../../lib/contracts/runInput';
import { createModelCard } from '../../../../lib/model/classifier';
import type { Head } from '../../../../lib/model/head';
import { validate, type ValidateInput } from '../../../../lib/model/metrics';
import { readSequences } from '../../../../lib/model/metrics/sequencesFile';
import { temporaryFolder } from '../../../support/folders';
import { pickedFrame, writeFeatures } from '../support';

const folder = temporaryFolder();
const CLASSES = ['empty', 'impala', 'zebra'];

/** Features are the logits: the head hands them on. */
const head: Head = {
  layers: [{ inputs: 3, outputs: 3, kernel: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), bias: new Float32Array(3) }],
  output: 'softmax',
};

const counts: PickCounts = {
  classes: [
    { className: 'empty', split: 'train', before: 600, after: 60 },
    { className: 'impala', split: 'train', before: 400, after: 400 },
    { className: 'zebra', split: 'train', before: 0, after: 0 },
  ],
  train: { before: 1000, after: 460 },
  validation: { before: 4, after: 4 },
  samplingRates: { empty: 0.1, impala: 1, zebra: 1 },
  dropped: [],
  sharedSites: ['A'],
};

function card(rest: Partial<ModelCard> = {}): ModelCard {
  return {
    ...createModelCard({
      backbone: 'efficientnet-lite0',
      weightsSha256: '0'.repeat(64),
      featureWidth: 3,
      preprocessing: { width: 32, height: 24, channels: 'RGB', fit: 'stretch' },
      classes: CLASSES,
      emptyClass: 'empty',
      framesPerSequence: 'all',
      counts,
      trainSeasons: ['S1'],
      training: trainingOptionsSchema.parse({}),
      seed: 1,
      version: '0.1.0',
    }),
    ...rest,
  };
}

const frame = (number: number, sequence: string, label: string): PickedFrame =>
  pickedFrame(number, { season: 'S2', split: 'validation', sequence, labels: [label] });

/** Two frames of an impala, an empty sequence, a zebra taken for an impala, and one whose frame has no features. */
const frames = [
  frame(0, 'a', 'impala'),
  frame(1, 'a', 'impala'),
  frame(2, 'b', 'empty'),
  frame(3, 'c', 'zebra'),
  frame(4, 'd,"e"', 'empty'),
  pickedFrame(5, { season: 'S1' }),
];

async function input(rest: Partial<ValidateInput> = {}): Promise<ValidateInput> {
  const directory = join(folder(), 'features');
  const logits = [
    [0, 6, 0],
    [0, 5, 0],
    [1, 0, 0],
    [0, 4, 1],
  ];
  await writeFeatures(
    directory,
    logits.map((features, number) => ({ fileName: frames[number]!.fileName, features })),
  );
  return {
    features: [{ directory, season: 'S2' }],
    frames,
    head,
    card: card(),
    counts,
    directory: join(folder(), 'draft'),
    ...rest,
  };
}

describe('parts that do not fit', () => {
  test('another number of classes', async () => {
    const other = card({ classes: ['empty', 'impala'], priors: [0.5, 0.5] });
    await expect(validate(await input({ card: other }))).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('3 outputs for 2 classes'),
    });
  });

  test('features of another length', async () => {
    const wide = await input();
    await writeFeatures(join(folder(), 'features'), [{ fileName: frames[0]!.fileName, features: [1, 2, 3, 4] }]);
    await expect(validate(wide)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('takes 3 values, features have 4'),
    });
  });

  test('nothing to validate on', async () => {
    const training = await input({ frames: [frames[5]!] });
    await expect(validate(training)).rejects.toMatchObject({ code: 'PICK_EMPTY' });
  });
});

test('frames are pooled, priors corrected, and all sequences counted', async () => {
  const result = await validate(await input());
  expect(result).toMatchObject({ seasons: ['S2'], sequences: 4, frames: 4, sites: 1, emptyClass: 'empty' });
  // The sequence without features is predicted as the class frequencies: empty, which is right.
  expect(result.accuracy.value).toBe(0.75);
  expect(result.confusion).toEqual([
    [2, 0, 0],
    [0, 1, 0],
    [0, 1, 0],
  ]);
  expect(result.logLossUncorrected).not.toBe(result.logLoss.value);
  expect(result.baselines.uniform).toBeCloseTo(0.6365, 4);
  expect(result.majorityAccuracy).toBe(0.5);
  expect(result.perClass[1]).toMatchObject({ className: 'impala', trainSequences: 400, sequences: 1, predicted: 2 });
});

test('predictions are a row a sequence, quoted where they must be', async () => {
  await validate(await input());
  const lines = (await readFile(join(folder(), 'draft', 'predictions.csv'), 'utf8')).trim().split('\n');
  expect(lines[0]).toBe('season,sequence,empty,impala,zebra');
  expect(lines).toHaveLength(5);
  expect(lines[4]).toBe('S2,"d,""e""",0.6,0.4,0');
  const [, , empty, impala, zebra] = lines[2]!.split(',').map(Number);
  const odds = 10 * Math.exp(1); // empty's logit 1 against two of 0, a tenth of the empties kept
  expect(empty).toBeCloseTo(odds / (odds + 2), 6);
  expect([impala, zebra]).toEqual([expect.closeTo(1 / (odds + 2), 6), expect.closeTo(1 / (odds + 2), 6)]);
});

test('all sequences are listed, the least sure answers first', async () => {
  await validate(await input());
  const text = await readFile(join(folder(), 'draft', 'sequences.csv'), 'utf8');
  const lines = text.trim().split('\n');
  expect(lines[0]).toBe('season,sequence,site,first_frame,labels,answer,probability,animal,right,found,log_loss');
  expect(lines).toHaveLength(5);
  const probabilities = lines.slice(1).map((line) => Number(line.split(',').at(-5)));
  expect(probabilities).toEqual([...probabilities].sort((a, b) => a - b));
  const results = await readSequences(join(folder(), 'draft', 'sequences.csv'));
  expect(results.find(({ sequence }) => sequence === 'c')).toMatchObject({ site: 'A', right: false, found: true });
  expect(results.find(({ sequence }) => sequence === 'd,"e"')).toMatchObject({ right: true, found: undefined });
});

test('what is written is what is returned, and the same every time', async () => {
  const result = await validate(await input());
  const written = await readFile(join(folder(), 'draft', 'validation.json'), 'utf8');
  expect(JSON.parse(written)).toEqual(result);
  await validate(await input({ directory: join(folder(), 'again') }));
  expect(await readFile(join(folder(), 'again', 'validation.json'), 'utf8')).toBe(written);
});

test('the gallery has mistakes and hits with what was seen, none without a frame', async () => {
  const { errors, hits } = await validate(await input());
  expect(errors).toMatchObject([{ sequence: 'c', labels: ['zebra'], fileNames: ['S1/A/0003.JPG'] }]);
  expect(errors[0]!.top[0]!.className).toBe('impala');
  expect(hits.map(({ sequence }) => sequence)).toEqual(['b', 'a']);
});

test('the cautions say how little it is, and what is missing', async () => {
  const { cautions } = await validate(await input({ trainFrames: 34 }));
  const text = cautions.join('\n');
  expect(text).toContain('Only 34 training frames (460 training sequences)');
  expect(text).toContain('Only 4 validation sequences');
  expect(text).toContain('come from 1 site:');
  expect(text).toContain('1 site of 1 also occurs in training');
  expect(text).toContain('Training had no example of zebra, which validation has');
  expect(text).toContain('1 validation sequence had no readable frame');
});
