import { copyFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readWeights, WeightSet } from '../../../../lib/model/weights';
import { temporaryFolder } from '../../../support/folders';

const fixture = (name: string) => join(__dirname, 'fixtures', name);

describe('a weights file', () => {
  const folder = temporaryFolder();

  it('is refused when it cannot be read', async () => {
    await expect(readWeights(join(folder(), 'none.h5'))).rejects.toMatchObject({
      code: 'WEIGHTS_INVALID',
      message: expect.stringMatching(/none\.h5: cannot be read: ENOENT/),
    });
  });

  it('is refused when it is of no known format, with its first bytes', async () => {
    const path = join(folder(), 'page.h5');
    await writeFile(path, '<html><body>Not found</body></html>');
    await expect(readWeights(path)).rejects.toThrow(
      'page.h5: is neither HDF5, nor safetensors, nor a PyTorch checkpoint: it begins with the bytes "3c68746d6c3e3c62"',
    );
  });

  it('is refused when it is empty', async () => {
    const path = join(folder(), 'empty.pth');
    await writeFile(path, '');
    await expect(readWeights(path)).rejects.toThrow(
      'empty.pth: is neither HDF5, nor safetensors, nor a PyTorch checkpoint',
    );
  });

  it('is refused when it would fill the memory', async () => {
    const path = join(folder(), 'huge.pth');
    await writeFile(path, '');
    await truncate(path, 5e9);
    await expect(readWeights(path)).rejects.toThrow('has 5000000000 bytes, more than the 1073741824 that are read');
  });

  it('is left when the work is stopped', async () => {
    const stop = new Error('stop');
    await expect(readWeights(fixture('zipped.pth'), { signal: AbortSignal.abort(stop) })).rejects.toBe(stop);
  });

  it.each([
    ['saved.h5', 'stem/kernel', [3, 3, 3, 4]],
    ['zipped.pth', 'plain', [2, 3]],
    ['legacy.pth', 'plain', [2, 3]],
  ])('is read by what it is, not by what it is called: %s', async (name, tensor, shape) => {
    const path = join(folder(), 'weights.bin');
    await copyFile(fixture(name), path);
    expect((await readWeights(path)).get(tensor, shape)).toHaveLength(shape.reduce((size, side) => size * side));
  });
});

describe('a set of weights', () => {
  const weights = new WeightSet(
    'some.h5',
    new Map([['stem/kernel', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]),
  );

  it('tells what it has when a tensor is missing', () => {
    expect(() => weights.get('stem/bias', [2])).toThrow(
      'some.h5: the tensor "stem/bias" is missing; the file has 1 tensors: "stem/kernel"',
    );
    expect(() => new WeightSet('none.h5', new Map()).get('a', [])).toThrow('the file has no tensors');
  });

  it('refuses a tensor of another shape, even with as many values', () => {
    expect(() => weights.get('stem/kernel', [4, 1])).toThrow(
      'some.h5: the tensor "stem/kernel" has the shape [2, 2], expected [4, 1]',
    );
    expect(() => weights.get('stem/kernel', [4])).toThrow('has the shape [2, 2], expected [4]');
  });

  it.each([NaN, Infinity, -Infinity])('refuses a tensor with %p in it', (odd) => {
    const broken = new WeightSet('nan.h5', new Map([['a', { shape: [2], data: Float32Array.of(0, odd) }]]));
    expect(() => broken.get('a', [2])).toThrow(`nan.h5: the tensor "a" holds ${odd} at position 1`);
  });

  it('gives a tensor of the expected shape', () => {
    expect(weights.get('stem/kernel', [2, 2])).toEqual(Float32Array.of(1, 2, 3, 4));
  });
});
