import sharp from 'sharp';
import type { Preprocessing } from '../../../../lib/contracts/preprocessing';
import type { Backbone, Stage, State } from '../../../../lib/model/backbones';
import type { Layers, Parameters } from '../../../../lib/model/graph';
import { Random } from '../../../../lib/model/random';

const SIDE = 24;
export const TINY_SIZE: Preprocessing = { width: SIDE, height: SIDE, channels: 'RGB', fit: 'stretch' };
const CHANNELS = [3, 6, 8, 10] as const;

const stem: Stage = {
  name: 'stem',
  run: <T>(layers: Layers<T>, [images]: State<T>): State<T> => {
    const x = layers.normalise(images, 127, 1 / 128);
    return [layers.convolution(x, 'stem/convolution', { strides: 2, activation: 'relu' })];
  },
};

/** Sees the stage before the last as well, as NASNet's cells do. */
const cells = [1, 2].map((number): Stage => ({
  name: `cell${number}`,
  run: <T>(layers: Layers<T>, [last, beforeLast = last]: State<T>): State<T> => {
    const name = `cell${number}`;
    const sum = layers.add(
      layers.convolution(last, `${name}/last`, { strides: 2 }),
      layers.convolution(
        number === 1 ? beforeLast : layers.maxPool(beforeLast, { size: 2, strides: 2 }),
        `${name}/before`,
        { strides: 2 },
      ),
    );
    return [layers.separable(layers.relu(sum), `${name}/separable`, { activation: 'relu6' }), last];
  },
}));

/** A network of a stem and two cells: quick, but of the shape of the real ones. */
export const tinyBackbone: Backbone = {
  name: 'nasnet-mobile',
  featureWidth: CHANNELS[3],
  defaultPooling: 'average',
  source: { file: '', bytes: 0, digest: { algorithm: 'md5', hex: '' }, licence: '' },
  stages: [stem, ...cells],
  parameters: () => tinyParameters(),
};

export function tinyParameters(): Parameters {
  const random = new Random(17);
  const parameter = (...shape: number[]) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const limit = Math.sqrt(6 / (size / shape.at(-1)!));
    return { shape, data: Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * limit) };
  };
  const cell = (number: 1 | 2): [string, ReturnType<typeof parameter>][] => {
    const [older, inputs, outputs] = [CHANNELS[1], CHANNELS[number], CHANNELS[number === 1 ? 2 : 3]];
    const name = `cell${number}`;
    return [
      [`${name}/last/kernel`, parameter(3, 3, inputs, outputs)],
      [`${name}/last/bias`, parameter(outputs)],
      [`${name}/before/kernel`, parameter(1, 1, older, outputs)],
      [`${name}/before/bias`, parameter(outputs)],
      [`${name}/separable/depthwise/kernel`, parameter(3, 3, outputs, 1)],
      [`${name}/separable/pointwise/kernel`, parameter(1, 1, outputs, outputs)],
      [`${name}/separable/pointwise/bias`, parameter(outputs)],
    ];
  };
  return new Map([
    ['stem/convolution/kernel', parameter(3, 3, 3, CHANNELS[1])],
    ['stem/convolution/bias', parameter(CHANNELS[1])],
    ...cell(1),
    ...cell(2),
  ]);
}

/** Stripes on grain, seen at any place and in any light: what tells the classes apart is their direction. */
export async function stripes(label: number, number: number): Promise<Buffer> {
  const random = new Random(number, label);
  const phase = 6 * random.uniform();
  const contrast = 25 + 25 * random.uniform();
  const pixels = Buffer.alloc(SIDE * SIDE * 3);
  for (let position = 0; position < SIDE * SIDE; position++) {
    const along = label === 0 ? position % SIDE : Math.floor(position / SIDE);
    const stripe = label === 2 ? 0 : contrast * Math.sin(phase + along * 1.3);
    for (let channel = 0; channel < 3; channel++) {
      pixels[3 * position + channel] = 110 + stripe + random.below(50);
    }
  }
  return await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
}
