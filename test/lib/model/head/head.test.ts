import { join } from 'node:path';
import { initialHead, readHead, writeHead } from '../../../../lib/model/head/head';
import { writeTensors } from '../../../../lib/model/safetensors';
import { temporaryFolder } from '../../../support/folders';

const folder = temporaryFolder();
const path = () => join(folder(), 'head.safetensors');
const tensor = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });

describe('a file whose parts do not fit', () => {
  test.each([
    [
      'a missing bias',
      { 'classifier/kernel': tensor(2, 3), 'other/bias': tensor(3) },
      'softmax',
      '"classifier" is not whole',
    ],
    [
      'too few biases',
      { 'classifier/kernel': tensor(2, 3), 'classifier/bias': tensor(2) },
      'softmax',
      '3 outputs, 2 biases',
    ],
    [
      'layers that do not join',
      {
        'dense_1/kernel': tensor(4, 5),
        'dense_1/bias': tensor(5),
        'classifier/kernel': tensor(6, 3),
        'classifier/bias': tensor(3),
      },
      'softmax',
      '5 outputs go into 6 inputs',
    ],
    [
      'an unknown output',
      { 'classifier/kernel': tensor(2, 3), 'classifier/bias': tensor(3) },
      'tanh',
      'output is not named',
    ],
  ])('%s', async (_, tensors, output, problem) => {
    await writeTensors(path(), { tensors: new Map(Object.entries(tensors)), metadata: { output } });
    await expect(readHead(path())).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining(problem),
    });
  });
});

test('comes back as it was written', async () => {
  const head = initialHead([4, 5, 3], 'sigmoid', 1);
  await writeHead(path(), head, { epoch: '7' });
  expect(await readHead(path())).toEqual({ head, metadata: { epoch: '7', output: 'sigmoid' } });
});

test("begins as Keras begins: kernels uniform within Glorot and Bengio's limit, biases zero", () => {
  const [layer] = initialHead([100, 50], 'softmax', 1).layers;
  const limit = Math.sqrt(6 / 150);
  const largest = layer!.kernel.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const variance = layer!.kernel.reduce((sum, value) => sum + value ** 2, 0) / layer!.kernel.length;
  expect(largest).toBeLessThanOrEqual(limit);
  expect(variance).toBeCloseTo(limit ** 2 / 3, 3);
  expect(layer!.bias.every((value) => value === 0)).toBe(true);
});
