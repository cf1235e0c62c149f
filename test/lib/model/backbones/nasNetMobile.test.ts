import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backbones, writeFeatureModel } from '../../../../lib/model/backbones';
import { FormulaWeights } from './formula';
import { digest, loadPhotograph } from './photographs';
import { relativeDifference, runModel } from './run';

interface Golden {
  readonly photographs: readonly { file: string; sha256: string; average: number[]; max: number[] }[];
}

/** Written by scripts/golden/nasnet.py. */
const golden = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'nasnet-mobile.json'), 'utf8')) as Golden;

describe('NASNetMobile', () => {
  const backbone = backbones['nasnet-mobile'];
  let folder: string;
  let images: Uint8Array[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nasnet-'));
    images = await Promise.all(golden.photographs.map(({ file }) => loadPhotograph(file)));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('sees the same pixels as the golden script', () => {
    expect(images.map(digest)).toEqual(golden.photographs.map(({ sha256 }) => sha256));
  });

  it.each(['average', 'max'] as const)('gives the features of keras.applications, %s pooling', async (pooling) => {
    const directory = join(folder, pooling);
    await writeFeatureModel(backbone, backbone.parameters(new FormulaWeights()), pooling, directory);
    const features = await runModel(directory, 'features', images);
    golden.photographs.forEach((photograph, index) => {
      expect(features[index]).toHaveLength(backbone.featureWidth);
      expect(relativeDifference(features[index]!, photograph[pooling])).toBeLessThan(1e-4);
      console.log(relativeDifference(features[index]!, photograph[pooling]));
    });
  });
});
