import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backbones, locateWeights, writeClassifierModel } from '../../../../lib/model/backbones';
import { decodeFrame } from '../../../../lib/model/features';
import { transpose } from '../../../../lib/model/backbones/fold';
import { readWeights, WeightSet } from '../../../../lib/model/weights';
import { temporaryFolder } from '../../../support/folders';
import { PHOTOGRAPHS, photographFiles } from './photographs';
import { runModel, SQUARE } from './run';

// A busy machine takes its time for a network.

const backbone = backbones['efficientnet-lite0'];

describe('EfficientNet-Lite0', () => {
  const folder = temporaryFolder();

  it('knows at least 18 of 20 photographs by their first guess, with its own classifier', async () => {
    const { path } = await locateWeights(backbone);
    const weights = await readWeights(path);
    const head = {
      layers: [{ ...imageNetLayer(weights), activation: 'linear' as const }],
      output: 'softmax' as const,
    };
    await writeClassifierModel(
      backbone,
      backbone.parameters(weights),
      { input: SQUARE, pooling: 'average' },
      head,
      folder(),
    );

    const photographs = photographFiles();
    const preprocessing = { ...SQUARE, channels: 'RGB', fit: 'stretch' } as const;
    const frames = await Promise.all(
      photographs.map(async ({ file }) => decodeFrame(await readFile(join(PHOTOGRAPHS, file)), preprocessing)),
    );
    const images = frames.map(({ pixels }) => pixels);
    const guesses = await runModel(folder(), 'probabilities', images);
    const hits = photographs.filter(
      ({ label }, index) => guesses[index]!.indexOf(Math.max(...guesses[index]!)) === label,
    );

    expect(photographs).toHaveLength(20);
    expect(hits.length).toBeGreaterThanOrEqual(18);
  });

  it("refuses another network's weights, naming the first tensor that is missing", () => {
    const other = new WeightSet('resnet.pth', new Map([['conv1.weight', { shape: [1], data: new Float32Array(1) }]]));
    expect(() => backbone.parameters(other)).toThrow(
      'resnet.pth: the tensor "_conv_stem.weight" is missing; the file has 1 tensors: "conv1.weight"',
    );
  });
});

/** The published layer that tells ImageNet's thousand classes apart from average-pooled features; gives logits. */
function imageNetLayer(weights: WeightSet) {
  const shape = [1000, backbone.featureWidth];
  return {
    kernel: transpose({ shape, data: weights.get('_fc.weight', shape) }, [1, 0]),
    bias: { shape: [1000], data: weights.get('_fc.bias', [1000]) },
  };
}
