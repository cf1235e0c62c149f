import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import type { ModelCard } from '../../../lib/contracts/model';
import { trainingOptionsSchema, type TrainingOptions } from '../../../lib/contracts/runInput';
import { assembleModel, backbones, createModelCard, decodeFrame, extractSeasons } from '../../../lib/model';
import { locateWeights, predictFolder, writeFeatureModel } from '../../../lib/model';
import { FeatureTable } from '../../../lib/model/features';
import { initialHead, type Head } from '../../../lib/model/head/head';
import { predictSequences } from '../../../lib/model/metrics/predictions';
import { tensorflow } from '../../../lib/model/runtime';
import { readWeights } from '../../../lib/model/weights';
import { temporaryFolder } from '../../support/folders';
import { photograph, pickedFrame } from '../model/support';
import { readSubmission, run, runners } from './support/programs';

const PROGRAMS = join(__dirname, '../../../lib/submission/programs');
const backbone = backbones['efficientnet-lite0'];
const preprocessing = { width: 224, height: 160, channels: 'RGB', fit: 'letterbox' } as const;
const classes = ['buffalo', 'empty', 'impala', 'zebra'];

/** A photograph alone, and five of which the model looks at three: those that picking takes. */
const LOOKED_AT = { alone: [0], several: [1, 3, 5] };
const FRAMES = [0, 1, 2, 3, 4, 5];
const sequenceOf = (frame: number) => (frame === 0 ? 'alone' : 'several');
const nameOf = (frame: number) => `${frame}.jpg`;

type Answers = Readonly<Record<keyof typeof LOOKED_AT, readonly number[]>>;

const folder = temporaryFolder();
const photographs = () => join(folder(), 'data');
const model = () => join(folder(), 'assets');

beforeEach(async () => {
  await mkdir(photographs());
  for (const frame of FRAMES) {
    const taken = `2020:01:02 0${frame === 0 ? 3 : 4}:00:0${frame}`;
    const image = sharp(await photograph(7 * frame, 640, 480)).withExif({ IFD2: { DateTimeOriginal: taken } });
    await image.jpeg().toFile(join(photographs(), nameOf(frame)));
  }
});

/** A model as training leaves it, with a head that was not trained but says something else of each photograph. */
async function makeModel({ output, pooling }: Pick<TrainingOptions, 'output' | 'pooling'>) {
  const weights = await locateWeights(backbone);
  const drawn = initialHead([backbone.featureWidth, classes.length], output, 5);
  const head: Head = {
    ...drawn,
    layers: drawn.layers.map((layer) => ({ ...layer, kernel: layer.kernel.map((value) => 4 * value) })),
  };
  const after = { buffalo: 100, empty: 70, impala: 100, zebra: 50 };
  const before = { buffalo: 100, empty: 700, impala: 100, zebra: 100 };
  const counts = classes.map((className) => ({
    className,
    split: 'train' as const,
    before: before[className as keyof typeof before],
    after: after[className as keyof typeof after],
  }));
  const card = createModelCard({
    backbone: backbone.name,
    weightsSha256: weights.sha256,
    featureWidth: backbone.featureWidth,
    preprocessing,
    classes,
    emptyClass: 'empty',
    framesPerSequence: 3,
    counts: {
      classes: counts,
      train: { before: 1000, after: 320 },
      validation: { before: 0, after: 0 },
      samplingRates: Object.fromEntries(counts.map((count) => [count.className, count.after / count.before])),
      dropped: [],
      sharedSites: [],
    },
    trainSeasons: ['S1'],
    calibration: { temperature: 1.5, bias: [0.4, -0.3, 0, 0.2] },
    training: { ...trainingOptionsSchema.parse({}), output, pooling },
    seed: 1,
    version: '0.0.0',
  });
  await assembleModel({ card, head, weightsPath: weights.path, pooling: 'average', directory: model() });
  return { card, head, parameters: backbone.parameters(await readWeights(weights.path)) };
}

/** Features first, then the head on them. */
async function validated({ card, head, parameters }: Awaited<ReturnType<typeof makeModel>>): Promise<Answers> {
  const frames = Object.values(LOOKED_AT)
    .flat()
    .map((frame) => {
      const where = { fileName: nameOf(frame), sequence: sequenceOf(frame), rank: frame + 1 };
      return pickedFrame(frame, { ...where, split: 'validation' });
    });
  const featureModelDirectory = join(folder(), 'backbone');
  await writeFeatureModel(backbone, parameters, { input: preprocessing, pooling: 'average' }, featureModelDirectory);
  const features = await extractSeasons({
    frames,
    readFrame: async (_, name) => await readFile(join(photographs(), name)),
    featureModelDirectory,
    preprocessing,
    directory: join(folder(), 'features'),
  });
  const table = await FeatureTable.open({ features, frames, split: 'validation', classes });
  try {
    const { sequences, probabilities } = await predictSequences(table, head, card);
    return answersOf((sequence) => {
      const place = sequences.findIndex(({ name }) => name === sequence);
      return [...probabilities.subarray(place * classes.length, (place + 1) * classes.length)];
    });
  } finally {
    await table.close();
  }
}

function answersOf(answer: (sequence: keyof typeof LOOKED_AT) => readonly number[]): Answers {
  return { alone: answer('alone'), several: answer('several') };
}

async function predicted(): Promise<Answers> {
  await predictFolder({ folder: photographs(), modelDirectory: model(), output: join(folder(), 'out') });
  const text = await readFile(join(folder(), 'out', 'predictions.csv'));
  const rows = parse<Record<string, string>>(text, { columns: true });
  return answersOf((sequence) => {
    const row = rows.find(({ file }) => file === nameOf(LOOKED_AT[sequence][0]!))!;
    return classes.map((name) => Number(row[name]));
  });
}

async function submitted(runner: ReturnType<typeof runners>[number]): Promise<Answers> {
  const program = runner.command[1];
  await cp(join(PROGRAMS, program), join(folder(), program));
  const rows = FRAMES.map((frame) => `${sequenceOf(frame)},${nameOf(frame)},`);
  await writeFile(join(photographs(), 'test_metadata.csv'), ['seq_id,file_name,datetime', ...rows].join('\n'));
  const format = [`seq_id,${classes.join(',')}`, 'alone,0,0,0,0', 'several,0,0,0,0'];
  await writeFile(join(photographs(), 'submission_format.csv'), format.join('\n'));
  expect(await run(runner, folder())).toMatchObject({ status: 0 });
  const submission = await readSubmission(folder());
  return answersOf((sequence) => classes.map((name) => submission.of(sequence)[name]!));
}

/** What TensorFlow Serving gives for the photograph that is alone. */
async function served(): Promise<readonly number[]> {
  const tf = tensorflow();
  const { pixels } = await decodeFrame(await readFile(join(photographs(), nameOf(0))), preprocessing);
  const loaded = await tf.node.loadSavedModel(join(model(), 'saved_model'));
  const row = tf.tidy(() => {
    const images = tf.tensor4d(pixels, [1, preprocessing.height, preprocessing.width, 3], 'bool');
    return [...(loaded.predict({ images }) as Record<string, Tensor>)['probabilities']!.dataSync()];
  });
  loaded.dispose();
  return row;
}

function expectSame(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(classes.length);
  found.forEach((value, label) => expect(Math.abs(value - expected[label]!)).toBeLessThan(1e-4));
}

describe.each<Pick<ModelCard, 'output' | 'pooling'>>([
  { output: 'sigmoid', pooling: 'geometric' },
  { output: 'softmax', pooling: 'features-mean' },
])('a sequence gets the same answer everywhere ($output, $pooling)', (options) => {
  test('validation, predict, the programs of the submission, the served signature', async () => {
    const made = await makeModel(options);
    const expected = await validated(made);
    expectSame(await served(), expected.alone);
    for (const answers of [await predicted(), ...(await inTurn(runners(), submitted))]) {
      expectSame(answers.alone, expected.alone);
      expectSame(answers.several, expected.several);
    }
    expect(Math.abs(expected.alone[0]! - expected.several[0]!)).toBeGreaterThan(1e-3);
  }, 300_000);
});

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
