import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeadChoice } from '../../../../lib/contracts/model';
import type { PickedFrame } from '../../../../lib/contracts/pick';
import type { Progress, Warning } from '../../../../lib/contracts/progress';
import { trainingOptionsSchema, type TrainingOptions } from '../../../../lib/contracts/runInput';
import { trainHead, type TrainInput } from '../../../../lib/model/head';
import { HeadNetwork } from '../../../../lib/model/head/network';
import { Random } from '../../../../lib/model/random';
import { temporaryFolder } from '../../../support/folders';
import { evenScoring, pickedFrame, writeFeatures } from '../support';

const folder = temporaryFolder();
const CLASSES = ['empty', 'impala', 'zebra'];
const WIDTH = 6;

/** Features around a point of their class, far from 0 and spread by `noise`; each site shifts them a little. */
async function season(count: number, noise: number, sites = 12): Promise<PickedFrame[]> {
  const frames = Array.from({ length: count }, (_, number) =>
    pickedFrame(number, { labels: [CLASSES[number % 3]!], site: `site-${number % sites}` }),
  );
  const featuresOf = (number: number) => {
    const random = new Random(5, number);
    return Array.from(
      { length: WIDTH },
      (_, i) => 20 + (i % 3 === number % 3 ? 1 : 0) + noise * (random.uniform() - 0.5),
    );
  };
  const rows = frames.map(({ fileName }, number) => ({ fileName, features: featuresOf(number) }));
  await writeFeatures(join(folder(), 'features'), rows);
  return frames;
}

function input(draft: string, frames: readonly PickedFrame[], asked: Partial<TrainingOptions> = {}): TrainInput {
  const options = trainingOptionsSchema.parse(asked);
  return {
    features: [{ directory: join(folder(), 'features'), season: 'S1' }],
    frames,
    classes: CLASSES,
    options,
    scoring: evenScoring(CLASSES, options),
    seed: 1,
    directory: join(folder(), draft),
  };
}

const choiceOf = async (draft: string) =>
  JSON.parse(await readFile(join(folder(), draft, 'choice.json'), 'utf8')) as HeadChoice;

/** Accuracy of a head on frames around the same points. */
function accuracyOf(head: ConstructorParameters<typeof HeadNetwork>[0]): number {
  const network = new HeadNetwork(head);
  const features = Float32Array.from(
    { length: 300 * WIDTH },
    (_, at) => 20 + (at % 3 === Math.floor(at / WIDTH) % 3 ? 1 : 0),
  );
  const answers = network.predict(features);
  network.dispose();
  const right = Array.from({ length: 300 }, (_, row) => {
    const own = answers.subarray(row * 3, row * 3 + 3);
    return own.indexOf(Math.max(...own)) === row % 3;
  });
  return right.filter(Boolean).length / 300;
}

describe.each(['softmax', 'sigmoid'] as const)('%s', (output) => {
  test('learns what there is to learn, from features that are far from 0', async () => {
    const trained = await trainHead(input('draft', await season(120, 3), { output }));
    expect(accuracyOf(trained.head)).toBe(1);
    expect(trained.head).toMatchObject({ output, layers: [{ inputs: WIDTH, outputs: 3 }] });
    expect(trained.history.length).toBeGreaterThan(3);
    const { leftOut, calibration, candidates, chosen } = await choiceOf('draft');
    expect(leftOut.logLoss).toBeLessThan(0.8 * leftOut.priorLogLoss);
    expect(trained.calibration).toEqual(calibration);
    expect(candidates[chosen]!.logLoss).toBeLessThanOrEqual(
      Math.min(...candidates.map(({ logLoss }) => logLoss)) + candidates[chosen]!.standardError * 2,
    );
  });

  test('knows nothing where there is nothing to know: never worse than the class frequencies', async () => {
    const frames = await season(90, 3);
    const noise = frames.map((frame, number) => ({ ...frame, labels: [CLASSES[new Random(number).below(3)]!] }));
    await trainHead(input('draft', noise, { output }));
    const { leftOut } = await choiceOf('draft');
    expect(leftOut.logLoss).toBeLessThan(leftOut.priorLogLoss * 1.02);
  });
});

test('the weaker the signal, the more it is held back', async () => {
  const penaltyAt = async (noise: number) => {
    const draft = `draft-${noise}`;
    await trainHead(input(draft, await season(120, noise)));
    const { candidates, chosen } = await choiceOf(draft);
    return candidates[chosen]!.penalty;
  };
  expect(await penaltyAt(8)).toBeGreaterThan(await penaltyAt(1));
});

test('what differs most within the classes is whitened, where it hides what tells them apart', async () => {
  const frames = await season(150, 1);
  const rows = frames.map(({ fileName }, number) => {
    const random = new Random(6, number);
    // One light for the whole photograph, and a class that moves each feature by a tenth of it.
    const light = 10 * random.uniform();
    const own = (i: number) => (i % 3 === number % 3 ? 1 : 0) + 2 * random.uniform();
    return { fileName, features: Array.from({ length: WIDTH }, (_, i) => light + own(i)) };
  });
  await writeFeatures(join(folder(), 'features'), rows);
  await trainHead(input('draft', frames));
  const { candidates, chosen } = await choiceOf('draft');
  const bestPlain = Math.min(...candidates.filter((one) => !one.whitened).map(({ logLoss }) => logLoss));
  expect(candidates[chosen]!.whitened).toBe(true);
  expect(candidates[chosen]!.logLoss).toBeLessThan(bestPlain);
});

test('too few sequences to leave any out: trained, not chosen, not calibrated, and that is said', async () => {
  const warnings: Warning[] = [];
  const work = { onWarning: (warning: Warning) => warnings.push(warning) };
  const { calibration, history } = await trainHead(input('draft', await season(6, 1)), work);
  expect(calibration).toBeUndefined();
  expect(history.length).toBeGreaterThan(0);
  expect(warnings).toEqual([{ message: expect.stringContaining('Fewer than 10') }]);
});

test('a class without any example keeps its small frequency', async () => {
  const frames = (await season(120, 3)).filter(({ labels }) => labels[0] !== 'zebra');
  const { head } = await trainHead(input('draft', frames));
  expect(head.layers[0]!.bias.every(Number.isFinite)).toBe(true);
  expect(Math.max(...head.layers[0]!.kernel.map(Math.abs))).toBeLessThan(100);
});

test('a feature that is no number stops it', async () => {
  const frames = await season(30, 1);
  const rows = frames.map(({ fileName }, number) => ({
    fileName,
    features: Array<number>(WIDTH).fill(number === 7 ? NaN : 1),
  }));
  await writeFeatures(join(folder(), 'features'), rows);
  await expect(trainHead(input('draft', frames))).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
});

describe('stopped and called again', () => {
  test.each<[string, (progress: Progress) => boolean]>([
    ['in the middle of the choice', ({ note }) => note?.includes('fold 4') === true],
    ['at the second candidate', ({ note }) => note?.startsWith('choosing: penalty 1000') === true],
    ['in the fit', ({ done }) => done >= 2],
  ])('%s: the same head, byte for byte', async (_, due) => {
    const frames = await season(60, 3);
    await trainHead(input('undisturbed', frames));
    const controller = new AbortController();
    const onProgress = (progress: Progress) => {
      if (due(progress)) controller.abort(new Error('stopped'));
    };
    await expect(trainHead(input('draft', frames), { signal: controller.signal, onProgress })).rejects.toThrow(
      'stopped',
    );
    await trainHead(input('draft', frames));
    for (const file of ['head.safetensors', 'choice.json']) {
      expect(await readFile(join(folder(), 'draft', file))).toEqual(
        await readFile(join(folder(), 'undisturbed', file)),
      );
    }
  });

  test('a candidate that was finished is not trained again', async () => {
    const frames = await season(60, 3);
    const notes: string[] = [];
    const controller = new AbortController();
    const stop = ({ note }: Progress) => {
      if (note?.startsWith('choosing: penalty 300,') === true) controller.abort(new Error('stopped'));
    };
    await expect(trainHead(input('draft', frames), { signal: controller.signal, onProgress: stop })).rejects.toThrow();
    await trainHead(input('draft', frames), { onProgress: ({ note }) => notes.push(note ?? '') });
    expect(notes[0]).toBe('choosing: penalty 300, fold 1 of 5');
  });

  test('what does not fit into memory is read block by block, to the same head', async () => {
    const frames = await season(60, 3);
    const { head } = await trainHead(input('kept', frames));
    const streamed = await trainHead(input('streamed', frames), { memoryBytes: 1 });
    expect(streamed.head).toEqual(head);
    expect(await readdir(join(folder(), 'streamed'))).toContain('choice.json');
  });
});
