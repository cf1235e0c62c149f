import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { SerengetiError } from '../../../../lib/contracts/errors';
import type { PickedFrame } from '../../../../lib/contracts/pick';
import type { Progress, Warning } from '../../../../lib/contracts/progress';
import { fineTuneOptionsSchema, trainingOptionsSchema, type TrainingOptions } from '../../../../lib/contracts/runInput';
import { FEATURES_OUTPUT, IMAGES_INPUT, writeFeatureModel } from '../../../../lib/model/backbones';
import { extractFeatures } from '../../../../lib/model/features';
import { SERVING_SIGNATURE } from '../../../../lib/model/graph';
import { trainHead, type TrainedHead } from '../../../../lib/model/head';
import { HeadNetwork } from '../../../../lib/model/head/network';
import { ImageModel } from '../../../../lib/model/imageModel';
import { fineTune, type FineTuneInput } from '../../../../lib/model/tuning';
import { temporaryFolder } from '../../../support/folders';
import { pickedFrame } from '../support';
import { stripes, TINY_SIZE, tinyBackbone, tinyParameters } from './support';

const folder = temporaryFolder();
const CLASSES = ['empty', 'impala', 'zebra'];
const FRAMES = 72;

let frames: PickedFrame[];
let photographs: Map<string, Buffer>;

const readFrame = async (season: string, fileName: string): Promise<Buffer> => {
  const file = photographs.get(`${season}/${fileName}`);
  if (file === undefined) throw new SerengetiError('FRAME_MISSING', `no ${fileName}`);
  return file;
};

/** Frames of two seasons that share their file names. */
beforeEach(async () => {
  frames = Array.from({ length: FRAMES }, (_, number) =>
    pickedFrame(number >> 1, {
      season: `S${(number % 2) + 1}`,
      site: `site-${number % 9}`,
      labels: [CLASSES[number % 3]!],
    }),
  );
  photographs = new Map();
  for (const [number, { season, fileName }] of frames.entries()) {
    photographs.set(`${season}/${fileName}`, await stripes(number % 3, number));
  }
  const featureModelDirectory = join(folder(), 'feature_model');
  await writeFeatureModel(tinyBackbone, tinyParameters(), 'average', featureModelDirectory);
  for (const season of ['S1', 'S2']) {
    await extractFeatures({
      frames: frames.filter((frame) => frame.season === season),
      readFrame: (fileName) => readFrame(season, fileName),
      featureModelDirectory,
      preprocessing: TINY_SIZE,
      directory: join(folder(), season),
    });
  }
});

const TUNING = { cells: 2, epochs: 4, batchSize: 16, learningRate: 0.003 };

async function input(
  draft: string,
  options: Partial<TrainingOptions> = {},
  tuning: object = {},
): Promise<FineTuneInput> {
  const common = {
    features: ['S1', 'S2'].map((season) => ({ season, directory: join(folder(), season) })),
    frames,
    classes: CLASSES,
    options: trainingOptionsSchema.parse({ epochs: 8, hidden: [12], learningRate: 0.01, batchSize: 32, ...options }),
    seed: 1,
  };
  const trained = await trainHead({ ...common, directory: join(folder(), 'frozen', draft) });
  return {
    ...common,
    directory: join(folder(), draft),
    trained,
    fineTune: fineTuneOptionsSchema.parse({ ...TUNING, ...tuning }),
    backbone: tinyBackbone,
    parameters: tinyParameters(),
    pooling: 'average',
    preprocessing: TINY_SIZE,
    readFrame,
  };
}

const tunedBytes = async (draft: string) =>
  Promise.all(
    ['backbone.safetensors', 'head.safetensors'].map((name) => readFile(join(folder(), draft, name), 'base64')),
  );

function stopAt(due: (progress: Progress) => boolean) {
  const controller = new AbortController();
  const onProgress = (progress: Progress) => {
    if (due(progress)) controller.abort(new Error('stopped'));
  };
  return { signal: controller.signal, onProgress };
}

const withoutSeconds = (history: TrainedHead['history']) => history.map(({ seconds: _, ...record }) => record);

describe('what cannot be tuned', () => {
  test('more cells than there are after the stem', async () => {
    await expect(fineTune(await input('draft', {}, { cells: 3 }))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/fineTune\.cells: .* has 2 cells after its stem, got 3/),
    });
  });

  test('a loss that is no number', async () => {
    const far = await input('far');
    far.trained.head.layers.forEach(({ kernel }) => kernel.fill(1e38));
    await expect(fineTune(far)).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' });
  });
});

describe('a fine-tuning that was stopped', () => {
  test.each([
    ['between two epochs', {}, ({ done }: Progress) => done === 10],
    ['while it watches a slice', { patience: 9 }, ({ done }: Progress) => done === 9],
  ])('%s ends with exactly the parameters of an undisturbed one', async (_, options, due) => {
    await expect(fineTune(await input('stopped', options), stopAt(due))).rejects.toThrow('stopped');
    const seen: Progress[] = [];
    const resumed = await fineTune(await input('stopped', options), { onProgress: (p) => seen.push(p) });
    expect(seen[0]).toMatchObject({ done: seen[0]!.reused, total: 8 + TUNING.epochs });
    expect(seen[0]!.done).toBeGreaterThan(8);

    const undisturbed = await fineTune(await input('undisturbed', options));
    expect(await tunedBytes('stopped')).toEqual(await tunedBytes('undisturbed'));
    expect(withoutSeconds(resumed.history)).toEqual(withoutSeconds(undisturbed.history));
    for (const rest of ['checkpoint', 'trunk']) expect(existsSync(join(folder(), 'stopped', rest))).toBe(false);
  });

  test('begins again, with a warning, where its checkpoint got damaged', async () => {
    const stopped = fineTune(
      await input('stopped'),
      stopAt(({ done }) => done === 10),
    );
    await expect(stopped).rejects.toThrow('stopped');
    const path = join(folder(), 'stopped', 'checkpoint', 'latest.safetensors');
    await writeFile(path, (await readFile(path)).subarray(0, 900));
    const warnings: Warning[] = [];
    await fineTune(await input('stopped'), { onWarning: (warning) => warnings.push(warning) });
    expect(warnings).toMatchObject([{ message: expect.stringContaining('checkpoint is damaged') }]);
    await fineTune(await input('undisturbed'));
    expect(await tunedBytes('stopped')).toEqual(await tunedBytes('undisturbed'));
  });

  test('just before its commit is not done again', async () => {
    const first = await fineTune(await input('draft'));
    const seen: Progress[] = [];
    const second = await fineTune(await input('draft'), { onProgress: (progress) => seen.push(progress) });
    expect(second).toEqual(first);
    expect(seen).toEqual([]);
  });

  test('before it removed what its draft no longer needs leaves nothing of that', async () => {
    await fineTune(await input('draft'));
    const leftovers = ['checkpoint', 'trunk'].map((name) => join(folder(), 'draft', name));
    for (const leftover of leftovers) {
      await mkdir(leftover);
      await writeFile(join(leftover, 'rest'), '');
    }
    await fineTune(await input('draft'));
    for (const leftover of leftovers) expect(existsSync(leftover)).toBe(false);
  });
});

test('two at the same draft at the same time end with the same parameters', async () => {
  const [one, other] = [await input('shared'), await input('shared')];
  await Promise.all([fineTune(one), fineTune(other)]);
  await fineTune(await input('alone'));
  expect(await tunedBytes('shared')).toEqual(await tunedBytes('alone'));
});

test('it learns what the frozen backbone does not tell, and the first cells stay as they are', async () => {
  const given = await input('draft', {}, { cells: 1, epochs: 20 });
  const { history, parameters, stageNames } = await fineTune(given);
  expect(history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 28 }, (_, position) => position + 1));
  expect(history.filter(({ fineTuning }) => fineTuning).map(({ epoch }) => epoch)[0]).toBe(9);
  expect(history.at(-1)!.loss).toBeLessThan(0.85 * history[7]!.loss);
  expect(stageNames).toEqual(['cell2']);
  const published = tinyParameters();
  expect([...parameters.keys()]).toEqual([...published.keys()].filter((name) => name.startsWith('cell2/')));
  for (const [name, { data }] of parameters) expect(data).not.toEqual(published.get(name)!.data);
});

test('the SavedModel of the tuned backbone gives the features that the tuned head was trained on', async () => {
  const given = await input('draft', { calibration: 'none', dropout: 0 }, { cells: 2, epochs: 12 });
  const { parameters, head, history } = await fineTune(given);
  const directory = join(folder(), 'tuned_model');
  await writeFeatureModel(tinyBackbone, new Map([...tinyParameters(), ...parameters]), 'average', directory);
  const signature = { name: SERVING_SIGNATURE, input: IMAGES_INPUT, output: FEATURES_OUTPUT };
  const model = await ImageModel.load(directory, { preprocessing: TINY_SIZE, signature });
  const network = new HeadNetwork(head);
  let loss = 0;
  for (const { season, fileName, labels } of frames) {
    const pixels = await sharp(await readFrame(season, fileName))
      .raw()
      .toBuffer();
    const probabilities = network.predict(model.run([pixels]).slice());
    loss -= Math.log(probabilities[CLASSES.indexOf(labels[0]!)]!) / FRAMES;
  }
  model.dispose();
  network.dispose();
  expect(loss).toBeLessThan(1.2 * history.at(-1)!.loss);
  expect(loss).toBeLessThan(0.9 * history[7]!.loss);
});

test('with patience, an outcome that is worse on sites set aside is not taken', async () => {
  const given = await input('draft', { patience: 2 }, { learningRate: 1, epochs: 30 });
  const { head, history, loss } = await fineTune(given);
  expect(head).toEqual(given.trained.head);
  expect(loss).toBe(given.trained.loss);
  expect(history).toHaveLength(given.trained.history.length + 2);
});

test('calibration is fitted anew on what the tuned network says of the sites set aside', async () => {
  const { temperature } = await fineTune(await input('draft', { calibration: 'temperature' }, { epochs: 2 }));
  expect(temperature).toBeGreaterThan(0.05);
  expect(temperature).not.toBe(1);
});

test('a photograph that cannot be read any more is left out with one warning', async () => {
  const given = await input('draft');
  photographs.set(`S2/${frames[1]!.fileName}`, Buffer.from('broken'));
  const warnings: Warning[] = [];
  await fineTune(given, { onWarning: (warning) => warnings.push(warning) });
  expect(warnings.map(({ details }) => details)).toEqual([{ season: 'S2', fileName: frames[1]!.fileName }]);
});

test('a photograph that is not there any more ends it: the frames are others than those of the features', async () => {
  const given = await input('draft');
  photographs.delete(`S1/${frames[0]!.fileName}`);
  await expect(fineTune(given)).rejects.toMatchObject({ code: 'FRAME_MISSING' });
});
