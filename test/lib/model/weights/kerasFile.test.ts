import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKerasFile } from '../../../../lib/model/weights/kerasFile';
import { formulaWeights } from '../backbones/formula';

/** Written by Keras: scripts/golden/keras_files.py. */
const fixture = (name: string) => readFileSync(join(__dirname, 'fixtures', name));
const read = (name: string) => readKerasFile(name, fixture(name));

describe('a Keras file is refused', () => {
  it.each([
    ['nothing', 0, 'file signature not found'],
    ['its first bytes', 8, 'bad byte number in an address'],
    ['half of it', 10_000, 'truncated file: eof = 10000, sblock->base_addr = 0, stored_eof = 21624'],
    ['all but the last byte', 21_623, 'truncated file: eof = 21623, sblock->base_addr = 0, stored_eof = 21624'],
  ])('when there is only %s', async (_what, length, problem) => {
    await expect(readKerasFile('cut.h5', fixture('saved.h5').subarray(0, length))).rejects.toMatchObject({
      code: 'WEIGHTS_INVALID',
      message: `cut.h5: is not a whole HDF5 file: ${problem}`,
    });
  });

  it.each([
    ['doubles.h5', '"/stem/stem/kernel:0" is of the type "<d", expected "<f" (float32)'],
    ['bloated.h5', '"/stem/stem/kernel:0" announces more elements than the file has room for'],
    ['endless.h5', /^endless\.h5: "\/stem(\/itself)+" goes deeper than 16 groups or 100000 objects$/],
    ['outward.h5', '"/stem/kernel:0" is neither a group nor a dataset'],
    ['numbered.weights.h5', 'names its weights by number only; save the model as `model.save("….h5")`'],
  ])('when it is %s', async (name, problem) => {
    await expect(read(name)).rejects.toMatchObject({
      code: 'WEIGHTS_INVALID',
      message: typeof problem === 'string' ? `${name}: ${problem}` : expect.stringMatching(problem),
    });
  });
});

describe.each(['saved.h5', 'published.h5'])('%s, written by Keras,', (name) => {
  it.each([
    ['stem/kernel', [3, 3, 3, 4]],
    ['norm/gamma', [4]],
    ['norm/beta', [4]],
    ['norm/moving_mean', [4]],
    ['norm/moving_variance', [4]],
    ['separable/depthwise_kernel', [3, 3, 4, 1]],
    ['separable/pointwise_kernel', [1, 1, 4, 5]],
    ['separable/bias', [5]],
  ])('gives %s', async (weight, shape) => {
    expect((await read(name)).get(weight, shape)).toEqual(formulaWeights(weight, shape));
  });

  it('gives nothing else', async () => {
    expect((await read(name)).names).toHaveLength(8);
  });
});

it('two files can be read at the same time', async () => {
  const [saved, published] = await Promise.all([read('saved.h5'), read('published.h5')]);
  expect(saved.get('norm/beta', [4])).toEqual(published.get('norm/beta', [4]));
});
