import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import type { Box } from '../../../lib/contracts/detection';
import type { ModelCard } from '../../../lib/contracts/model';
import type { Preprocessing } from '../../../lib/contracts/preprocessing';
import { trainingOptionsSchema } from '../../../lib/contracts/runInput';
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
const whole: Preprocessing = { width: 224, height: 160, channels: 'RGB', fit: 'letterbox' };
const cropped: Preprocessing = { ...whole, crop: { threshold: 0.2 } };
const classes = ['buffalo', 'empty', 'impala', 'zebra'];

/** A photograph alone, and five of which the model looks at three: those that picking takes. */
const LOOKED_AT = { alone: [0], several: [1, 3, 5] };
const FRAMES = [0, 1, 2, 3, 4, 5];
const sequenceOf = (frame: number) => (frame === 0 ? 'alone' : 'several');
const nameOf = (frame: number) => `${frame}.jpg`;

/** What is looked at in each; the others as a whole. */
const BOXES: Readonly<Record<number, readonly Box[]>> = {
  0: [[0.1, 0.2, 0.3, 0.3]],
  1: [
    [0.5, 0.5, 0.25, 0.4],
    [0.7, 0.1, 0.3, 0.6],
  ],
  5: [[0, 0, 0.2, 0.1]],
};

const DETECTIONS = {
  info: { format_version: '1.6' },
  detection_categories: { '1': 'animal', '2': 'person' },
  images: FRAMES.map((frame) => ({
    file: nameOf(frame),
    detections: [
      ...(BOXES[frame] ?? []).map((bbox) => ({ category: '1', conf: 0.2, bbox })),
      { category: '1', conf: 0.199, bbox: [0.4, 0.4, 0.5, 0.5] },
      { category: '2', conf: 0.9, bbox: [0.4, 0.4, 0.5, 0.5] },
    ],
  })),
};

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
  await writeFile(join(photographs(), 'detections.json'), JSON.stringify(DETECTIONS));
});

type Options = Pick<ModelCard, 'output' | 'pooling' | 'preprocessing'>;

/** A model as training leaves it, with a head that was not trained but says something else of each photograph. */
async function makeModel({ output, pooling, preprocessing }: Options) {
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
    .flatMap((frame) => {
      const where = { fileName: nameOf(frame), sequence: sequenceOf(frame), rank: frame + 1 };
      const boxes = card.preprocessing.crop === undefined ? [] : (BOXES[frame] ?? []);
      const looks = boxes.length > 0 ? boxes : [null];
      return looks.map((box) => pickedFrame(frame, { ...where, box, split: 'validation' }));
    });
  const { preprocessing } = card;
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
  const detections = join(photographs(), 'detections.json');
  await predictFolder({ folder: photographs(), modelDirectory: model(), output: join(folder(), 'out'), detections });
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
async function served({ preprocessing }: Options): Promise<readonly number[]> {
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

describe.each<Options & { readonly seen: string }>([
  { output: 'sigmoid', pooling: 'geometric', seen: 'whole', preprocessing: whole },
  { output: 'softmax', pooling: 'features-mean', seen: 'whole', preprocessing: whole },
  { output: 'softmax', pooling: 'mean', seen: 'animals cut out', preprocessing: cropped },
])('a sequence gets the same answer everywhere ($output, $pooling, $seen)', (options) => {
  test('validation, predict, the programs of the submission, the served signature', async () => {
    const made = await makeModel(options);
    const expected = await validated(made);
    if (options.preprocessing.crop === undefined) expectSame(await served(options), expected.alone);
    for (const answers of [await predicted(), ...(await inTurn(runners(), submitted))]) {
      expectSame(answers.alone, expected.alone);
      expectSame(answers.several, expected.several);
    }
    expect(Math.abs(expected.alone[0]! - expected.several[0]!)).toBeGreaterThan(1e-3);
  });
});

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
