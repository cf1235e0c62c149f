import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NpyFile, npyHeader } from '../../../lib/model/npy';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();
const path = () => join(folder(), 'array.npy');
const bytesOf = (values: readonly number[]) => Buffer.from(Float32Array.from(values).buffer);

describe('a file that is not what it should be', () => {
  test.each([
    ['empty', Buffer.alloc(0), 'does not begin as a NumPy file'],
    ['cut short', Buffer.concat([npyHeader(2, 2), bytesOf([1, 2, 3])]), 'has 140 bytes, its header announces 144'],
    ['longer', Buffer.concat([npyHeader(1, 1), bytesOf([1, 2])]), 'has 136 bytes, its header announces 132'],
    [
      'of doubles',
      Buffer.from(npyHeader(1, 1).toString('latin1').replace('<f4', '<f8'), 'latin1'),
      'is not a two-dimensional float32 array in row order',
    ],
    [
      'in column order',
      Buffer.from(npyHeader(1, 1).toString('latin1').replace('False', 'True '), 'latin1'),
      'is not a two-dimensional float32 array in row order',
    ],
  ])('%s', async (_, bytes, problem) => {
    await writeFile(path(), bytes);
    await expect(NpyFile.open(path())).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringContaining(problem),
    });
  });
});

test('the header is what numpy.save writes', () => {
  // numpy.save(file, numpy.zeros((3, 1280), 'float32')), its first 128 bytes
  const expected = `\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1280), }`.padEnd(
    127,
    ' ',
  );
  expect(npyHeader(3, 1280).toString('latin1')).toBe(`${expected}\n`);
});

test('rows are read from where they are', async () => {
  await writeFile(path(), Buffer.concat([npyHeader(3, 2), bytesOf([1, 2, 3, 4, 5, 6])]));
  const file = await NpyFile.open(path());
  expect([file.rows, file.width]).toEqual([3, 2]);
  const target = new Float32Array(4);
  await file.readRows(1, target);
  expect([...target]).toEqual([3, 4, 5, 6]);
  await file.close();
});
