import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Progress, Warning } from '../../../../lib/contracts/progress';
import { FEATURES_OUTPUT, IMAGES_INPUT, writeFeatureModel } from '../../../../lib/model/backbones';
import { SERVING_SIGNATURE } from '../../../../lib/model/graph';
import type { TrainedHead } from '../../../../lib/model/head';
import { HeadNetwork } from '../../../../lib/model/head/network';
import { Network } from '../../../../lib/model/inference/network';
import { fineTune } from '../../../../lib/model/tuning';
import { temporaryFolder } from '../../../support/folders';
import type { Death } from './dyingFineTuning';
import { CLASSES, FRAMES, HEAD_EPOCHS, StripedSeasons, TUNING } from './stripedSeasons';
import { TINY_SIZE, tinyBackbone, tinyParameters } from './support';
import { listFiles, scratchPath } from '../../../../lib/io/files';

const folder = temporaryFolder();

let seasons: StripedSeasons;

let extracted: string;

beforeAll(async () => {
  extracted = await mkdtemp(join(tmpdir(), 'serengeti-test-'));
  await (await StripedSeasons.draw(extracted)).extractFeatures();
});

afterAll(async () => {
  await rm(extracted, { recursive: true, force: true });
});

beforeEach(async () => {
  await cp(extracted, folder(), { recursive: true });
  seasons = await StripedSeasons.draw(folder());
});

const input = (...args: Parameters<StripedSeasons['input']>) => seasons.input(...args);

/** A fine-tuning in a process of its own, until it dies. @returns the signal that it died of */
async function dyingFineTuning(death: Omit<Death, 'folder'>): Promise<NodeJS.Signals | null> {
  const hook = join(__dirname, '..', '..', '..', 'support', 'typescript.cjs');
  const args = ['-r', hook, join(__dirname, 'dyingFineTuning.ts'), JSON.stringify({ ...death, folder: folder() })];
  const [, signal] = await once(spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }), 'exit');
  return signal as NodeJS.Signals | null;
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
    expect(await listFiles(join(folder(), 'stopped'))).toEqual(await listFiles(join(folder(), 'undisturbed')));
  });

  test('begins again, with a warning, where its checkpoint got damaged', async () => {
    const stopped = fineTune(
      await input('stopped'),
      stopAt(({ done }) => done === 10),
    );
    await expect(stopped).rejects.toThrow('stopped');
    const path = join(scratchPath(join(folder(), 'stopped'), 'checkpoint'), 'latest.safetensors');
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
});

test('a fine-tuning that is stopped or ends leaves its trunk and its checkpoint to others on the same draft', async () => {
  const scratch = ['checkpoint', 'trunk'].map((name) => scratchPath(join(folder(), 'draft'), name));
  const stopped = fineTune(
    await input('draft'),
    stopAt(({ done }) => done === 10),
  );
  await expect(stopped).rejects.toThrow('stopped');
  for (const path of scratch) expect(await readdir(path)).not.toEqual([]);
  await fineTune(await input('draft'));
  for (const path of scratch) expect(await readdir(path)).not.toEqual([]);
});

describe('a fine-tuning that was killed', () => {
  test.each<[string, Partial<Death>, reused: number | undefined]>([
    ['in its first epoch', { atPhotograph: FRAMES }, 0],
    ['in the middle of its third epoch', { atPhotograph: 3 * FRAMES - 40 }, 2],
    ['before a checkpoint was whole', { beforeFile: { name: 'latest.safetensors', time: 2 } }, 1],
    ['between head and backbone', { beforeFile: { name: 'backbone.safetensors', time: 1 } }, TUNING.epochs],
    ['between its end and the commit', { whenFinished: true }, undefined],
  ])('%s ends with exactly the parameters of an undisturbed one', async (_, death, epochs) => {
    expect(await dyingFineTuning({ draft: 'killed', ...death })).toBe('SIGKILL');
    const seen: Progress[] = [];
    await fineTune(await input('killed', { patience: 9 }), { onProgress: (progress) => seen.push(progress) });
    expect(seen[0]?.reused).toBe(epochs === undefined ? undefined : HEAD_EPOCHS + epochs);
    await fineTune(await input('undisturbed', { patience: 9 }));
    expect(await tunedBytes('killed')).toEqual(await tunedBytes('undisturbed'));
    expect(await listFiles(join(folder(), 'killed'))).toEqual(await listFiles(join(folder(), 'undisturbed')));
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
  const form = { input: TINY_SIZE, pooling: 'average' } as const;
  await writeFeatureModel(tinyBackbone, new Map([...tinyParameters(), ...parameters]), form, directory);
  const signature = { name: SERVING_SIGNATURE, input: IMAGES_INPUT, output: FEATURES_OUTPUT };
  const model = await Network.load(directory, { preprocessing: TINY_SIZE, signature });
  const network = new HeadNetwork(head);
  let loss = 0;
  for (const { season, fileName, labels } of seasons.frames) {
    const pixels = await sharp(await seasons.readFrame(season, fileName))
      .raw()
      .toBuffer();
    const probabilities = network.predict(model.run(pixels, 1).slice());
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
  const { calibration } = await fineTune(await input('draft', { calibration: 'temperature' }, { epochs: 2 }));
  expect(calibration!.temperature).toBeGreaterThan(0.05);
  expect(calibration!.temperature).not.toBe(1);
  expect(calibration!.bias).toHaveLength(3);
});

test('a photograph that cannot be read any more is left out with one warning', async () => {
  const given = await input('draft');
  seasons.photographs.set(`S2/${seasons.frames[1]!.fileName}`, Buffer.from('broken'));
  const warnings: Warning[] = [];
  await fineTune(given, { onWarning: (warning) => warnings.push(warning) });
  expect(warnings.map(({ details }) => details)).toEqual([{ season: 'S2', fileName: seasons.frames[1]!.fileName }]);
});

test('a photograph that is not there any more ends it: the frames are others than those of the features', async () => {
  const given = await input('draft');
  seasons.photographs.delete(`S1/${seasons.frames[0]!.fileName}`);
  await expect(fineTune(given)).rejects.toMatchObject({ code: 'FRAME_MISSING' });
});
