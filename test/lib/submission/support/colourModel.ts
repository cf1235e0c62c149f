import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { ModelCard } from '../../../../lib/contracts/model';
import { GraphBuilder, GraphLayers, writeSavedModel, type Parameters } from '../../../../lib/model/graph';

/** Tells photographs apart by their mean colour: grey ones are empty. */
export const COLOUR_CLASSES = ['buffalo', 'elephant', 'empty', 'zebra'] as const;
export const COLOURS = {
  buffalo: [200, 60, 60],
  elephant: [60, 200, 60],
  empty: [110, 110, 110],
  zebra: [60, 60, 200],
} as const;

export type ColourClass = (typeof COLOUR_CLASSES)[number];

export const COLOUR_CARD: ModelCard = {
  format: 1,
  backbone: 'efficientnet-lite0',
  weightsSha256: '0'.repeat(64),
  featureWidth: 3,
  preprocessing: { width: 32, height: 32, channels: 'RGB', fit: 'stretch' },
  classes: COLOUR_CLASSES,
  emptyClass: 'empty',
  output: 'softmax',
  pooling: 'mean',
  framesPerSequence: 'first',
  samplingRates: { buffalo: 1, elephant: 1, empty: 0.1, zebra: 1 },
  priors: [0.05, 0.1, 0.75, 0.1],
  trainSeasons: ['S1'],
  signature: { name: 'serving_default', input: 'images', output: 'probabilities' },
};

/** Writes a model directory as training leaves it. `card` replaces parts of the model card, `blue` what zebras count it. */
export async function writeColourModel(directory: string, card: Partial<ModelCard> = {}, blue = 2): Promise<ModelCard> {
  const whole = { ...COLOUR_CARD, ...card };
  const graph = new GraphBuilder();
  const { height, width } = whole.preprocessing;
  const images = graph.placeholder('images', 'uint8', [-1, height, width, 3]);
  const layers = new GraphLayers(graph, parameters(blue));
  const features = layers.globalPool(layers.normalise(images, 110, 1 / 64), 'average');
  const probabilities = layers.output(layers.dense(features, 'classifier', whole.output), 'probabilities');
  const pooled = graph.placeholder('pooled', 'float32', [-1, 3]);
  await writeSavedModel(graph, { inputs: { images }, outputs: { probabilities } }, join(directory, 'saved_model'), {
    features: { inputs: { images }, outputs: { features: layers.output(features, 'features') } },
    head: {
      inputs: { features: pooled },
      outputs: { probabilities: layers.output(layers.dense(pooled, 'classifier', whole.output), 'head') },
    },
  });
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'model.json'), JSON.stringify(whole, null, 2));
  await writeFile(join(directory, 'labels.txt'), `${whole.classes.join('\n')}\n`);
  return whole;
}

function parameters(blue: number): Parameters {
  // Rows: red, green, blue. Columns: the classes.
  const kernel = Float32Array.of(2, -1, 0, -1, -1, 2, 0, -1, -1, -1, 0, blue);
  return new Map([
    ['classifier/kernel', { shape: [3, 4], data: kernel }],
    ['classifier/bias', { shape: [4], data: Float32Array.of(0, 0, 1, 0) }],
  ]);
}

/** A photograph of one colour with some structure, as a camera would store it. */
export async function photograph(
  className: ColourClass,
  { width = 240, height = 180, variant = 0 }: { width?: number; height?: number; variant?: number } = {},
): Promise<Buffer> {
  const [red, green, blue] = COLOURS[className];
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const wave = 25 * Math.sin((x * (variant + 2)) / 17) * Math.cos(y / (11 + variant));
      for (const channel of [red, green, blue]) pixels[at++] = Math.max(0, Math.min(255, channel + wave));
    }
  }
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
