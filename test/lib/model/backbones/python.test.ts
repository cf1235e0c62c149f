import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backbones, locateWeights, writeClassifierModel, writeFeatureModel } from '../../../../lib/model/backbones';
import type { Parameters } from '../../../../lib/model/graph';
import { readWeights } from '../../../../lib/model/weights';
import { temporaryFolder } from '../../../support/folders';
import { FormulaWeights, formulaWeights } from './formula';
import { digest, loadPhotograph, photographFiles } from './photographs';
import { python } from './python';
import { relativeDifference, runModel, SQUARE } from './run';

// Python takes its time to load TensorFlow.

const folder = temporaryFolder();
const nasNet = backbones['nasnet-mobile'];
const efficientNet = backbones['efficientnet-lite0'];

it('NASNetMobile is read from the .h5 file that Keras writes of it, tensor by tensor', async () => {
  const path = join(folder(), 'nasnet.h5');
  await python('scripts/golden/nasnet.py', path);
  const read = digests(nasNet.parameters(await readWeights(path)));
  expect(read).toEqual(digests(nasNet.parameters(new FormulaWeights())));
  expect(read.size).toBe(160 + 2 * 196); // depthwise kernels; kernels and biases of the other convolutions
});

it('feature models and classifiers give the same in Python TensorFlow', async () => {
  const files = photographFiles().slice(0, 2);
  const images = await Promise.all(files.map(({ file }) => loadPhotograph(file)));
  const pixels = join(folder(), 'images.bin');
  await writeFile(pixels, Buffer.concat(images));

  const models = [
    { directory: join(folder(), 'nasnet'), output: 'features' },
    { directory: join(folder(), 'efficientnet'), output: 'features' },
    { directory: join(folder(), 'softmax'), output: 'probabilities' },
    { directory: join(folder(), 'sigmoid'), output: 'probabilities' },
  ] as const;
  const parameters = efficientNet.parameters(await readWeights((await locateWeights(efficientNet)).path));
  await writeFeatureModel(
    nasNet,
    nasNet.parameters(new FormulaWeights()),
    { input: SQUARE, pooling: 'max' },
    models[0].directory,
  );
  await writeFeatureModel(efficientNet, parameters, { input: SQUARE, pooling: 'average' }, models[1].directory);
  await writeClassifierModel(
    efficientNet,
    parameters,
    { input: SQUARE, pooling: 'average' },
    head('softmax'),
    models[2].directory,
  );
  await writeClassifierModel(
    efficientNet,
    parameters,
    { input: SQUARE, pooling: 'max' },
    head('sigmoid'),
    models[3].directory,
  );

  const directories = models.map(({ directory }) => directory);
  await python('test/lib/model/backbones/run_saved_models.py', pixels, '2', 'output.bin', ...directories);
  for (const { directory, output } of models) {
    const ours = (await runModel(directory, output, images)).flatMap((row) => [...row]);
    const theirs = new Float32Array((await readFile(join(directory, 'output.bin'))).buffer);
    expect(relativeDifference(ours, theirs)).toBeLessThan(1e-6);
  }
});

function digests(parameters: Parameters): Map<string, string> {
  return new Map([...parameters].map(([name, { data }]) => [name, digest(new Uint8Array(data.buffer))]));
}

/** 1280 → 16 → 5 */
function head(output: 'softmax' | 'sigmoid') {
  const layer = (widthIn: number, widthOut: number, activation: 'relu' | 'linear') => {
    const shape = [widthIn, widthOut];
    const kernel = { shape, data: formulaWeights(`${widthIn}/kernel`, shape) };
    return { kernel, bias: { shape: [widthOut], data: formulaWeights(`${widthIn}/bias`, [widthOut]) }, activation };
  };
  return { layers: [layer(1280, 16, 'relu'), layer(16, 5, 'linear')], output };
}
