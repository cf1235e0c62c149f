import { join } from 'node:path';
import { FEATURES_SIGNATURE, ImageModel } from '../../../lib/model/imageModel';
import { temporaryFolder } from '../../support/folders';
import { PREPROCESSING, TINY_WIDTH, writeTinyBackbone } from './support';

const folder = temporaryFolder();
const form = { preprocessing: PREPROCESSING, signature: FEATURES_SIGNATURE };

beforeEach(async () => {
  await writeTinyBackbone(join(folder(), 'backbone'));
});

const picture = (seed: number) =>
  Uint8Array.from({ length: PREPROCESSING.width * PREPROCESSING.height * 3 }, (_, i) => (seed * 31 + i * i) % 256);

test('a network without the output is refused', async () => {
  const signature = { ...FEATURES_SIGNATURE, output: 'probabilities' };
  await expect(ImageModel.load(join(folder(), 'backbone'), { ...form, signature })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringMatching(/backbone has no output "probabilities"$/),
  });
});

test('a network for photographs of another size is refused: TensorFlow would run it all the same', async () => {
  const preprocessing = { ...PREPROCESSING, width: 224 };
  await expect(ImageModel.load(join(folder(), 'backbone'), { ...form, preprocessing })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('takes photographs of 32×24, expected 224×24'),
  });
});

test('a photograph has the same bits whatever batch it comes in', async () => {
  const model = await ImageModel.load(join(folder(), 'backbone'), form);
  expect(model.width).toBe(TINY_WIDTH);
  const alone = model.run([picture(7)]);
  for (const size of [2, 9, 32]) {
    const batch = Array.from({ length: size }, (_, number) => picture(number === size - 1 ? 7 : number));
    expect(model.run(batch).slice(-TINY_WIDTH)).toEqual(alone);
  }
  model.dispose();
});

test('batches begin small and grow as far as they are quick and allowed', async () => {
  const model = await ImageModel.load(join(folder(), 'backbone'), form, 20);
  const sizes = [];
  for (let round = 0; round < 4; round++) {
    sizes.push(model.batchSize);
    model.run(Array.from({ length: model.batchSize }, (_, number) => picture(number)));
  }
  expect(sizes).toEqual([8, 16, 20, 20]);
  expect(model.largestBatch).toBe(20);
  model.dispose();
});
