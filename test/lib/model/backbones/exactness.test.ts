import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backbones, locateWeights, writeFeatureModel } from '../../../../lib/model/backbones';
import type { BackboneName } from '../../../../lib/contracts/backbone';
import { readWeights } from '../../../../lib/model/weights';
import type { WeightSet } from '../../../../lib/model/weights';
import { temporaryFolder } from '../../../support/folders';
import { FormulaWeights } from './formula';
import { digest, loadPhotograph } from './photographs';
import { relativeDifference, runModel, SQUARE } from './run';

// A busy machine takes its time for a network.

interface Pooled {
  readonly average: number[];
  readonly max: number[];
}

interface Golden {
  /** Of the upper left part of the first photograph. */
  readonly part?: Pooled & { readonly height: number; readonly width: number };
  readonly photographs: readonly (Pooled & { file: string; sha256: string })[];
}

/** NASNetMobile's weights come from a formula, EfficientNet-Lite0's are the published ones. */
const networks: readonly [BackboneName, reference: string, () => Promise<WeightSet>][] = [
  ['nasnet-mobile', 'keras.applications', async () => new FormulaWeights()],
  [
    'efficientnet-lite0',
    "PyTorch's port",
    async () => readWeights((await locateWeights(backbones['efficientnet-lite0'])).path),
  ],
];

const folder = temporaryFolder();

function goldenOf(name: BackboneName): Golden {
  return JSON.parse(readFileSync(join(__dirname, 'fixtures', `${name}.json`), 'utf8')) as Golden;
}

/** The golden values are written by scripts/golden/nasnet.py and scripts/golden/efficientnet_lite.py. */
describe.each(networks)('%s equals that of %s on photographs', (name, _reference, weights) => {
  const golden = goldenOf(name);
  const backbone = backbones[name];

  it.each(['average', 'max'] as const)('to 1e-4 of the largest feature, %s pooling', async (pooling) => {
    const images = await Promise.all(golden.photographs.map(({ file }) => loadPhotograph(file)));
    expect(images.map(digest)).toEqual(golden.photographs.map(({ sha256 }) => sha256));

    await writeFeatureModel(backbone, backbone.parameters(await weights()), { input: SQUARE, pooling }, folder());
    const features = await runModel(folder(), 'features', images);

    for (const [index, photograph] of golden.photographs.entries()) {
      expect(features[index]).toHaveLength(backbone.featureWidth);
      expect(relativeDifference(features[index]!, photograph[pooling])).toBeLessThan(1e-4);
    }
  });
});

it('nasnet-mobile equals that of keras.applications at a size that is not square, its feature maps odd and even', async () => {
  const { photographs, part } = goldenOf('nasnet-mobile');
  const { height, width } = part!;
  const whole = await loadPhotograph(photographs[0]!.file);
  const rows = Array.from({ length: height }, (_, row) =>
    whole.subarray(row * SQUARE.width * 3, (row * SQUARE.width + width) * 3),
  );
  const nasNet = backbones['nasnet-mobile'];
  for (const pooling of ['average', 'max'] as const) {
    await writeFeatureModel(
      nasNet,
      nasNet.parameters(new FormulaWeights()),
      { input: { width, height }, pooling },
      folder(),
    );
    const [features] = await runModel(folder(), 'features', [Buffer.concat(rows)], { width, height });
    expect(relativeDifference(features!, part![pooling])).toBeLessThan(1e-4);
  }
});
