import { join } from 'node:path';
import { FEATURES_SIGNATURE, Network } from '../../../../lib/model/inference/network';
import { temporaryFolder } from '../../../support/folders';
import { picture, PREPROCESSING, TINY_WIDTH, writeTinyBackbone } from '../support';

const folder = temporaryFolder();
const form = { preprocessing: PREPROCESSING, signature: FEATURES_SIGNATURE };

beforeEach(async () => {
  await writeTinyBackbone(join(folder(), 'backbone'));
});

test('one without the output is refused', async () => {
  const signature = { ...FEATURES_SIGNATURE, output: 'probabilities' };
  await expect(Network.load(join(folder(), 'backbone'), { ...form, signature })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringMatching(/backbone has no output "probabilities"$/),
  });
});

test('one for photographs of another size is refused: TensorFlow would run it all the same', async () => {
  const preprocessing = { ...PREPROCESSING, width: 224 };
  await expect(Network.load(join(folder(), 'backbone'), { ...form, preprocessing })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('takes photographs of 32×24, expected 224×24'),
  });
});

test('a photograph has the same bits whatever batch it comes in', async () => {
  const network = await Network.load(join(folder(), 'backbone'), form);
  expect(network.width).toBe(TINY_WIDTH);
  const alone = network.run(picture(7), 1).slice();
  for (const size of [2, 9, 32]) {
    const batch = Array.from({ length: size }, (_, number) => picture(number === size - 1 ? 7 : number));
    expect(network.run(Buffer.concat(batch), size).slice(-TINY_WIDTH)).toEqual(alone);
  }
  network.dispose();
});
