import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { backbones, writeClassifierModel, writeFeatureModel } from '../../../../lib/model/backbones';
import type { Backbone, ClassifierHead } from '../../../../lib/model/backbones';
import { corrected } from '../../../../lib/model/corrections';
import { tensorflow } from '../../../../lib/model/runtime';
import { temporaryFolder } from '../../../support/folders';
import { formulaWeights } from './formula';
import { runModel, SQUARE } from './run';

/** A network of one layer: 224 pixels → 28 places, four channels. */
const tiny: Backbone = {
  ...backbones['nasnet-mobile'],
  featureWidth: 4,
  stages: [
    {
      name: 'only',
      run: (layers, [images]) => [layers.convolution(layers.normalise(images, 100, 1 / 50), 'only', { strides: 8 })],
    },
  ],
};
const parameters = new Map([
  ['only/kernel', { shape: [3, 3, 3, 4], data: formulaWeights('only/kernel', [3, 3, 3, 4]) }],
  ['only/bias', { shape: [4], data: Float32Array.of(0, 1, 2, 3) }],
]);

const dense = (widthIn: number, widthOut: number, activation: 'relu' | 'linear') => ({
  kernel: { shape: [widthIn, widthOut], data: formulaWeights(`${widthIn}/kernel`, [widthIn, widthOut]) },
  bias: { shape: [widthOut], data: formulaWeights(`${widthIn}/bias`, [widthOut]) },
  activation,
});
const images = [1, 7].map((step) => Uint8Array.from({ length: 224 * 224 * 3 }, (_, index) => (index * step) % 251));

describe('a classifier model', () => {
  const folder = temporaryFolder();
  const write = (head: ClassifierHead) =>
    writeClassifierModel(tiny, parameters, { input: SQUARE, pooling: 'average' }, head, folder());

  it('is refused when its head is for other features', async () => {
    await expect(write({ layers: [dense(5, 3, 'linear')], output: 'softmax' })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: '"classifier/dense0" expects 5 inputs, got 4',
    });
  });

  it("is refused when its head's layers do not fit each other", async () => {
    const head: ClassifierHead = { layers: [dense(4, 6, 'relu'), dense(7, 3, 'linear')], output: 'softmax' };
    await expect(write(head)).rejects.toThrow('"classifier/dense1" expects 7 inputs, got 6');
  });

  it('is refused when its head has no layers, or does not end in logits', async () => {
    await expect(write({ layers: [], output: 'softmax' })).rejects.toThrow('The head has no layers');
    await expect(write({ layers: [dense(4, 3, 'relu')], output: 'softmax' })).rejects.toThrow(
      'The head ends with the activation "relu", expected a last layer that is linear',
    );
  });

  it.each(['softmax', 'sigmoid'] as const)('gives what its head makes of the features, %s', async (output) => {
    const layers = [dense(4, 6, 'relu'), dense(6, 3, 'linear')];
    await write({ layers, output });
    const probabilities = await runModel(folder(), 'probabilities', images);

    await writeFeatureModel(tiny, parameters, { input: SQUARE, pooling: 'average' }, folder());
    const features = await runModel(folder(), 'features', images);
    const tf = tensorflow();
    for (const [index, row] of probabilities.entries()) {
      const expected = tf.tidy(() => {
        const [hidden, logits] = layers.map(({ kernel, bias }) => ({
          kernel: tf.tensor2d(kernel.data, [kernel.shape[0]!, kernel.shape[1]!]),
          bias: tf.tensor1d(bias.data),
        }));
        const x = tf.tensor2d(features[index]!, [1, 4]).matMul(hidden!.kernel).add(hidden!.bias).relu();
        return tf[output](x.matMul(logits!.kernel).add(logits!.bias)).dataSync();
      });
      expect(row).toHaveLength(3);
      row.forEach((value, position) => expect(value).toBeCloseTo(expected[position]!, 6));
    }
  });

  describe('serves what the library makes of a sequence with one photograph', () => {
    const sampling = {
      classes: ['impala', 'empty', 'zebra'],
      emptyClass: 'empty',
      samplingRates: { impala: 0.4, empty: 0.1, zebra: 1 },
      meanSamplingRate: 0.25,
      priors: [0.15, 0.8, 0.06],
    };
    const calibration = { temperature: 1.7, bias: [0.3, -1, 0.1] };

    it.each([
      { output: 'softmax' as const, ...sampling },
      { output: 'softmax' as const, ...sampling, calibration },
      { output: 'sigmoid' as const, ...sampling },
      { output: 'sigmoid' as const, ...sampling, calibration },
    ])('$output, calibration: $calibration', async (corrections) => {
      const head = { layers: [dense(4, 3, 'linear')], output: corrections.output };
      await write({ ...head, corrections });
      const served = await runModel(folder(), 'probabilities', images);
      await write(head);
      const uncorrected = await runModel(folder(), 'probabilities', images);
      served.forEach((row, image) => {
        const expected = corrected(Float64Array.from(uncorrected[image]!), corrections);
        row.forEach((value, label) => expect(value).toBeCloseTo(expected[label]!, 5));
        expect(Math.abs(row[1]! - uncorrected[image]![1]!)).toBeGreaterThan(0.01);
      });
    });

    it('stays finite where the head is certain', async () => {
      const certain = { ...dense(4, 3, 'linear'), bias: { shape: [3], data: Float32Array.of(200, -200, 0) } };
      for (const output of ['softmax', 'sigmoid'] as const) {
        const corrections = { output, ...sampling, calibration: { ...calibration, temperature: 3 } };
        await write({ layers: [certain], output, corrections });
        const [row = []] = await runModel(folder(), 'probabilities', images);
        await write({ layers: [certain], output });
        const [uncorrected = []] = await runModel(folder(), 'probabilities', images);
        const expected = corrected(Float64Array.from(uncorrected), corrections);
        row.forEach((value, label) => expect(value).toBeCloseTo(expected[label]!, 5));
      }
    });
  });

  it('can be used in two halves, with features pooled in between', async () => {
    await write({ layers: [dense(4, 6, 'relu'), dense(6, 3, 'linear')], output: 'sigmoid' });
    const tf = tensorflow();
    const load = (name: string) => tf.node.loadSavedModel(folder(), ['serve'], name);
    const [whole, features, head] = [await load('serving_default'), await load('features'), await load('head')];
    const { direct, halves } = tf.tidy(() => {
      const batch = tf.tensor4d(Uint8Array.from(images.flatMap((image) => [...image])), [2, 224, 224, 3], 'bool');
      const pass = (model: typeof whole, input: object) =>
        model.predict(input as Record<string, Tensor>) as Record<string, Tensor>;
      return {
        direct: [...pass(whole, { images: batch }).probabilities!.dataSync()],
        halves: [...pass(head, { features: pass(features, { images: batch }).features! }).probabilities!.dataSync()],
      };
    });
    direct.forEach((value, position) => expect(halves[position]).toBeCloseTo(value, 6));
    for (const model of [whole, features, head]) model.dispose();
  });
});

describe('a feature model', () => {
  const folder = temporaryFolder();

  it.each(['average', 'max'] as const)('pools over all places, %s', async (pooling) => {
    await writeFeatureModel(tiny, parameters, { input: SQUARE, pooling }, folder());
    const features = await runModel(folder(), 'features', images);
    const tf = tensorflow();
    const expected = tf.tidy(() => {
      const x = tf
        .tensor4d(Float32Array.from(Buffer.concat(images)), [2, 224, 224, 3])
        .sub(100)
        .div(50);
      const maps = tf
        .conv2d(x.as4D(2, 224, 224, 3), tf.tensor4d(parameters.get('only/kernel')!.data, [3, 3, 3, 4]), 8, 'same')
        .add(tf.tensor1d(parameters.get('only/bias')!.data));
      return (pooling === 'average' ? maps.mean([1, 2]) : maps.max([1, 2])).dataSync();
    });
    features.flatMap((row) => [...row]).forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 4));
  });

  it('is refused when a parameter is missing', async () => {
    await expect(writeFeatureModel(tiny, new Map(), { input: SQUARE, pooling: 'max' }, folder())).rejects.toMatchObject(
      {
        code: 'MODEL_INVALID',
        message: 'The parameter "only/kernel" is missing',
      },
    );
  });
});
