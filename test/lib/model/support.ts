import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { ModelCard } from '../../../lib/contracts/model';
import type { Preprocessing } from '../../../lib/contracts/preprocessing';
import type { PickedFrame } from '../../../lib/contracts/pick';
import type { TrainingOptions } from '../../../lib/contracts/runInput';
import type { Scoring } from '../../../lib/model/head/leftOut';
import { writeIds } from '../../../lib/metadata';
import { FEATURES_OUTPUT, IMAGES_INPUT, PROBABILITIES_OUTPUT } from '../../../lib/model/backbones';
import {
  GraphBuilder,
  GraphLayers,
  SERVING_SIGNATURE,
  writeSavedModel,
  type Parameters,
} from '../../../lib/model/graph';
import { npyHeader } from '../../../lib/model/npy';
import { writeFileAtomic } from '../../../lib/io/files';

export const PREPROCESSING: Preprocessing = { width: 32, height: 24, channels: 'RGB', fit: 'stretch' };
/** How sequences are answered where nothing was left out of training and all classes are as frequent. */
export function evenScoring(
  classes: readonly string[],
  { output, pooling }: Pick<TrainingOptions, 'output' | 'pooling'>,
): Scoring {
  const priors = classes.map(() => 1 / classes.length);
  return { classes, emptyClass: classes[0]!, output, pooling, samplingRates: {}, priors, kept: {} };
}

/** Length of the features of {@link writeTinyBackbone}. */
export const TINY_WIDTH = 8;

/** A decoded photograph of {@link PREPROCESSING}'s size, another for each seed. */
export const picture = (seed: number): Uint8Array =>
  Uint8Array.from({ length: PREPROCESSING.width * PREPROCESSING.height * 3 }, (_, i) => (seed * 31 + i * i) % 256);

/** A backbone of one convolution: quick, but its features tell photographs apart. */
export async function writeTinyBackbone(directory: string): Promise<void> {
  const { graph, layers, images, features } = tinyNetwork(new Map());
  const output = layers.output(features, FEATURES_OUTPUT);
  await writeSavedModel(
    graph,
    { inputs: { [IMAGES_INPUT]: images }, outputs: { [FEATURES_OUTPUT]: output } },
    directory,
  );
}

/**
 * A model artifact with the same backbone and three classes.
 *
 * @param kernel - of its head: [TINY_WIDTH, classes]
 */
export async function writeTinyClassifier(
  directory: string,
  card: ModelCard = tinyCard(),
  kernel = Float32Array.from({ length: TINY_WIDTH * card.classes.length }, (_, i) => 3 * Math.cos(i * i + i)),
): Promise<void> {
  const classes = card.classes.length;
  const head: Parameters = new Map([
    ['classifier/kernel', { shape: [TINY_WIDTH, classes], data: kernel }],
    ['classifier/bias', { shape: [classes], data: new Float32Array(classes) }],
  ]);
  const { graph, layers, images, features } = tinyNetwork(head);
  const output = layers.output(layers.dense(features, 'classifier', card.output), PROBABILITIES_OUTPUT);
  const signature = { inputs: { [IMAGES_INPUT]: images }, outputs: { [PROBABILITIES_OUTPUT]: output } };
  const pooled = graph.placeholder('pooled', 'float32', [-1, TINY_WIDTH]);
  await writeSavedModel(graph, signature, join(directory, 'saved_model'), {
    features: {
      inputs: { [IMAGES_INPUT]: images },
      outputs: { [FEATURES_OUTPUT]: layers.output(features, 'features') },
    },
    head: {
      inputs: { [FEATURES_OUTPUT]: pooled },
      outputs: { [PROBABILITIES_OUTPUT]: layers.output(layers.dense(pooled, 'classifier', card.output), 'head') },
    },
  });
  await writeFileAtomic(join(directory, 'model.json'), JSON.stringify(card));
  await writeFileAtomic(join(directory, 'labels.txt'), `${card.classes.join('\n')}\n`);
}

export function tinyCard(rest: Partial<ModelCard> = {}): ModelCard {
  return {
    format: 1,
    backbone: 'efficientnet-lite0',
    weightsSha256: '0'.repeat(64),
    featureWidth: TINY_WIDTH,
    preprocessing: PREPROCESSING,
    classes: ['empty', 'impala', 'zebra'],
    emptyClass: 'empty',
    output: 'softmax',
    pooling: 'mean',
    framesPerSequence: 'first',
    samplingRates: { empty: 1, impala: 1, zebra: 1 },
    priors: [0.5, 0.3, 0.2],
    trainSeasons: ['S1'],
    signature: { name: SERVING_SIGNATURE, input: IMAGES_INPUT, output: PROBABILITIES_OUTPUT },
    ...rest,
  };
}

/** The card of a model that pools features. */
export function poolingCard(pooling: 'features-mean' | 'features-max', rest: Partial<ModelCard> = {}): ModelCard {
  return tinyCard({
    pooling,
    signature: { name: 'features', input: IMAGES_INPUT, output: FEATURES_OUTPUT },
    headSignature: { name: 'head', input: FEATURES_OUTPUT, output: PROBABILITIES_OUTPUT },
    ...rest,
  });
}

function tinyNetwork(more: Parameters) {
  const { width, height } = PREPROCESSING;
  const graph = new GraphBuilder();
  const values = Float32Array.from({ length: 3 * 3 * 3 * TINY_WIDTH }, (_, i) => Math.sin(i * i));
  const bias = new Float32Array(TINY_WIDTH).fill(0.1);
  const layers = new GraphLayers(
    graph,
    new Map([
      ['stem/kernel', { shape: [3, 3, 3, TINY_WIDTH], data: values }],
      ['stem/bias', { shape: [TINY_WIDTH], data: bias }],
      ...more,
    ]),
  );
  const images = graph.placeholder(IMAGES_INPUT, 'uint8', [-1, height, width, 3]);
  const maps = layers.convolution(layers.normalise(images, 127, 1 / 128), 'stem', { strides: 2, activation: 'relu' });
  return { graph, layers, images, features: layers.globalPool(maps, 'average') };
}

/** A JPEG with a pattern of its own for every number. */
export async function photograph(number: number, width = 64, height = 48): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = 127 + 120 * Math.sin(number + (i * (number + 3)) / 500);
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

export function pickedFrame(number: number, rest: Partial<PickedFrame> = {}): PickedFrame {
  return {
    season: 'S1',
    fileName: `S1/A/${String(number).padStart(4, '0')}.JPG`,
    crc32: number,
    site: 'A',
    sequence: `S1#A#1#${number}`,
    hour: null,
    rank: 1,
    split: 'train',
    shard: 0,
    labels: ['empty'],
    ...rest,
  };
}

/** Writes a features artifact by hand. */
export async function writeFeatures(
  directory: string,
  rows: readonly { readonly fileName: string; readonly crc32?: number; readonly features: readonly number[] }[],
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const values = Float32Array.from(rows.flatMap(({ features }) => features));
  const data = Buffer.concat([npyHeader(rows.length, rows[0]?.features.length ?? 0), Buffer.from(values.buffer)]);
  await writeFileAtomic(join(directory, 'features.npy'), data);
  await writeIds(
    join(directory, 'ids.parquet'),
    rows.map(({ fileName, crc32 = Number(/(\d+)\.JPG$/.exec(fileName)?.[1] ?? 0) }) => ({
      fileName,
      crc32,
      truncated: false,
    })),
  );
}
