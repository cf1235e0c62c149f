import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PickedFrame } from '../../../../lib/contracts/pick';
import type { Progress, Warning } from '../../../../lib/contracts/progress';
import { trainingOptionsSchema, type TrainingOptions } from '../../../../lib/contracts/runInput';
import { trainHead, type TrainInput } from '../../../../lib/model/head';
import { Random } from '../../../../lib/model/random';
import { flipBit } from '../../../support/flipBit';
import { temporaryFolder } from '../../../support/folders';
import { evenScoring, pickedFrame, writeFeatures } from '../support';
import { listFiles, scratchPath } from '../../../../lib/io/files';

const folder = temporaryFolder();
const CLASSES = ['empty', 'impala', 'zebra'];
const WIDTH = 6;
const FRAMES = 240;

/** Features around a point of their class: easy, but not without mistakes. */
function featuresOf(frame: PickedFrame, number: number): number[] {
  const random = new Random(99, number);
  const label = CLASSES.indexOf(frame.labels[0]!);
  return Array.from({ length: WIDTH }, (_, i) => (i % 3 === label ? 0.9 : 0) + random.uniform());
}

let frames: PickedFrame[];

beforeEach(async () => {
  frames = Array.from({ length: FRAMES }, (_, number) =>
    pickedFrame(number, { labels: [CLASSES[number % 3]!], site: `site-${number % 12}` }),
  );
  await writeFeatures(
    join(folder(), 'features'),
    frames.map((frame, number) => ({ fileName: frame.fileName, features: featuresOf(frame, number) })),
  );
});

function input(draft: string, asked: Partial<TrainingOptions> = {}, rest: Partial<TrainInput> = {}): TrainInput {
  const descent = { head: 'tutorial', epochs: 6, hidden: [16], batchSize: 32, learningRate: 0.01 };
  const options = trainingOptionsSchema.parse({ ...descent, ...asked });
  return {
    features: [{ directory: join(folder(), 'features'), season: 'S1' }],
    frames,
    classes: CLASSES,
    options,
    scoring: evenScoring(CLASSES, options),
    seed: 1,
    directory: join(folder(), draft),
    ...rest,
  };
}

const headBytes = (draft: string) => readFile(join(folder(), draft, 'head.safetensors'));

/** Stops a training once its progress says so. */
function stopAt(due: (progress: Progress) => boolean) {
  const controller = new AbortController();
  const onProgress = (progress: Progress) => {
    if (due(progress)) controller.abort(new Error('stopped'));
  };
  return { signal: controller.signal, onProgress };
}

describe('what cannot be trained', () => {
  test('no training frame has features', async () => {
    const elsewhere = frames.map((frame) => ({ ...frame, season: 'S9' }));
    await expect(trainHead(input('draft', {}, { frames: elsewhere }))).rejects.toMatchObject({
      code: 'PICK_EMPTY',
      message: expect.stringContaining('240'),
    });
  });

  test('a label that is no class is named with its frame', async () => {
    const odd = [...frames, pickedFrame(FRAMES, { labels: ['unicorn'] })];
    await expect(trainHead(input('draft', {}, { frames: odd }))).rejects.toMatchObject({
      code: 'CLASS_UNKNOWN',
      message: expect.stringMatching(/"unicorn".*0240\.JPG/),
    });
  });

  test('a loss that is no number stops with epoch, step and rate', async () => {
    const rows = frames.map(({ fileName }, number) => ({ fileName, features: Array(WIDTH).fill((number + 1) * 1e36) }));
    await writeFeatures(join(folder(), 'features'), rows);
    await expect(trainHead(input('draft', { learningRate: 1 }))).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringMatching(/Epoch 1, step \d+: .* rate of 1$/),
    });
  });

  test('a feature that is no number is told apart from that', async () => {
    const rows = frames.map(({ fileName }) => ({ fileName, features: Array(WIDTH).fill(NaN) }));
    await writeFeatures(join(folder(), 'features'), rows);
    await expect(trainHead(input('draft'))).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
  });

  test('shards of different widths', async () => {
    await writeFeatures(join(folder(), 'other'), [{ fileName: 'a.JPG', features: [1, 2] }]);
    const features = ['features', 'other'].map((name) => ({ directory: join(folder(), name), season: 'S1' }));
    await expect(trainHead(input('draft', {}, { features }))).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

describe('a training that was stopped', () => {
  test.each([
    ['between two epochs', {}, ({ done }: Progress) => done === 3],
    ['within an epoch', {}, ({ note }: Progress) => note?.startsWith('epoch 4, step') === true],
    ['while it watches a slice', { patience: 3, epochs: 30 }, ({ done }: Progress) => done === 5],
    ['with features read block by block', {}, ({ done }: Progress) => done === 2],
  ])('%s ends with exactly the parameters of an undisturbed one', async (name, options, due) => {
    const memoryBytes = name.includes('block') ? 1000 : undefined;
    const slow = { ...options, hidden: [600], batchSize: 8 }; // long enough epochs for reports within them
    await expect(trainHead(input('stopped', slow), { ...stopAt(due), memoryBytes })).rejects.toThrow('stopped');
    const seen: Progress[] = [];
    const onProgress = (progress: Progress) => seen.push(progress);
    const resumed = await trainHead(input('stopped', slow), { onProgress, memoryBytes });
    expect(seen[0]!.done).toBeGreaterThan(0);
    expect(seen[0]!.reused).toBe(seen[0]!.done);

    const undisturbed = await trainHead(input('undisturbed', slow), { memoryBytes });
    expect(await headBytes('stopped')).toEqual(await headBytes('undisturbed'));
    const losses = (history: typeof resumed.history) => history.map(({ seconds: _, ...record }) => record);
    expect(losses(resumed.history)).toEqual(losses(undisturbed.history));
    expect(await listFiles(join(folder(), 'stopped'))).toEqual(['head.safetensors', 'history.json']);
  });

  test('begins again, with a warning, where its checkpoint got damaged', async () => {
    const stopped = trainHead(
      input('stopped'),
      stopAt(({ done }) => done === 3),
    );
    await expect(stopped).rejects.toThrow('stopped');
    const path = join(scratchPath(join(folder(), 'stopped'), 'checkpoint'), 'latest.safetensors');
    await flipBit(path);
    const warnings: Warning[] = [];
    await trainHead(input('stopped'), { onWarning: (warning) => warnings.push(warning) });
    expect(warnings).toMatchObject([{ message: expect.stringContaining('checkpoint is damaged') }]);
    await trainHead(input('undisturbed'));
    expect(await headBytes('stopped')).toEqual(await headBytes('undisturbed'));
  });

  test('does not take the checkpoint of another training', async () => {
    const stopped = trainHead(
      input('stopped', { learningRate: 0.02 }),
      stopAt(({ done }) => done === 3),
    );
    await expect(stopped).rejects.toThrow('stopped');
    await trainHead(input('stopped'));
    await trainHead(input('undisturbed'));
    expect(await headBytes('stopped')).toEqual(await headBytes('undisturbed'));
  });

  test('just before its commit is not trained again', async () => {
    const first = await trainHead(input('draft'));
    await rm(scratchPath(join(folder(), 'draft'), 'checkpoint'), { recursive: true, force: true });
    const seen: Progress[] = [];
    expect(await trainHead(input('draft'), { onProgress: (progress) => seen.push(progress) })).toEqual(first);
    expect(seen).toEqual([]);
  });
});

test('a training that ends leaves its checkpoint to others on the same draft', async () => {
  await trainHead(input('draft'));
  expect(await readdir(scratchPath(join(folder(), 'draft'), 'checkpoint'))).toEqual(['latest.safetensors']);
});

test('two trainings on the same draft at the same time end with the same head', async () => {
  const [first, second] = await Promise.all([trainHead(input('shared')), trainHead(input('shared'))]);
  await trainHead(input('alone'));
  expect(first.head).toEqual(second.head);
  expect(await headBytes('shared')).toEqual(await headBytes('alone'));
});

test('equal inputs give equal bytes, another seed gives others', async () => {
  await trainHead(input('a'));
  await trainHead(input('b'));
  await trainHead(input('c', {}, { seed: 2 }));
  expect(await headBytes('a')).toEqual(await headBytes('b'));
  expect(await headBytes('a')).not.toEqual(await headBytes('c'));
});

describe('it learns', () => {
  test.each([
    ['the default head', {}],
    ['sigmoid outputs', { output: 'sigmoid' }],
    ['balanced classes, smoothed labels', { classWeights: 'balanced', labelSmoothing: 0.1 }],
    ['two hidden layers, no dropout, a cosine', { hidden: [16, 8], dropout: 0, schedule: 'cosine' }],
    ['no hidden layer', { hidden: [], epochs: 20 }],
  ] as const)('%s', async (_, options) => {
    const { history, head, trainFrames } = await trainHead(
      input('draft', { epochs: 12, ...options } as TrainingOptions),
    );
    expect(history.at(-1)!.accuracy).toBeGreaterThan(0.85);
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
    expect(head.layers.at(-1)!.outputs).toBe(CLASSES.length);
    expect(trainFrames).toBe(FRAMES);
  });

  test('only from the training split', async () => {
    const mixed = frames.map((frame, number) => ({ ...frame, split: number < 100 ? 'train' : 'validation' }) as const);
    const { trainFrames, trainSequences } = await trainHead(input('draft', {}, { frames: mixed }));
    expect([trainFrames, trainSequences]).toEqual([100, 100]);
  });
});

describe('features pooled by sequence', () => {
  test.each(['features-mean', 'features-max'] as const)('%s: a sequence is one example', async (pooling) => {
    const inThrees = frames.map((frame, number) => {
      const sequence = `sequence-${Math.floor(number / 9)}-${number % 3}`;
      return { ...frame, sequence, site: `site-${Math.floor(number / 9) % 5}` };
    });
    const options = { pooling, epochs: 12, batchSize: 8, patience: 20 };
    const trained = await trainHead(input('draft', options, { frames: inThrees }));
    expect(trained).toMatchObject({ trainFrames: FRAMES, trainSequences: 81 });
    expect(trained.history.at(-1)!.accuracy).toBeGreaterThan(0.85);
    const each = await trainHead(input('each', { ...options, pooling: 'mean' }, { frames: inThrees }));
    expect(trained.head).not.toEqual(each.head);
  });
});

describe('patience', () => {
  test('stops when sites set aside see no improvement, and keeps the best epoch', async () => {
    const noise = frames.map((frame, number) => ({ ...frame, labels: [CLASSES[new Random(number).below(3)]!] }));
    const trained = await trainHead(input('draft', { patience: 3, epochs: 60, hidden: [64] }, { frames: noise }));
    const losses = trained.history.map(({ monitorLoss }) => monitorLoss!);
    expect(trained.history.length).toBeLessThan(60);
    const best = losses.indexOf(Math.min(...losses));
    expect(trained.loss).toBe(trained.history[best]!.loss);
    expect(trained.history).toHaveLength(best + 1 + 3);
  });

  test('with one site only: all epochs, and a warning', async () => {
    const oneSite = frames.map((frame) => ({ ...frame, site: 'A' }));
    const warnings: Warning[] = [];
    const onWarning = (warning: Warning) => warnings.push(warning);
    const { history } = await trainHead(input('draft', { patience: 1 }, { frames: oneSite }), { onWarning });
    expect(history).toHaveLength(6);
    expect(history[0]).not.toHaveProperty('monitorLoss');
    expect(warnings).toHaveLength(1);
  });
});

test('the cosine falls from the learning rate towards zero', async () => {
  const { history } = await trainHead(input('draft', { schedule: 'cosine', epochs: 4 }));
  expect(history.map(({ learningRate }) => learningRate)).toEqual([
    expect.closeTo(0.01, 10),
    expect.closeTo(0.0085355, 6),
    expect.closeTo(0.005, 10),
    expect.closeTo(0.0014645, 6),
  ]);
});

test('the event loop has a turn after every batch that took long', async () => {
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  let turns = 0;
  const count = (): NodeJS.Immediate => setImmediate(() => (turns++, (counting = count())));
  let counting = count();
  await trainHead(input('draft', { batchSize: 16, epochs: 3 }));
  clearImmediate(counting);
  jest.restoreAllMocks();
  expect(turns).toBeGreaterThanOrEqual((3 * FRAMES) / 16);
});
