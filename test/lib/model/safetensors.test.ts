import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readKeptTensors, readTensors, writeTensors } from '../../../lib/model/safetensors';
import { flipBit } from '../../support/flipBit';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();
const path = () => join(folder(), 'file.safetensors');
const file = {
  tensors: new Map([
    ['kernel', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    ['bias', { shape: [2], data: Float32Array.of(-1, 0.5) }],
  ]),
  metadata: { epoch: '3' },
};

describe('a file that is not whole', () => {
  test.each([
    ['nothing', 0, 'ends within its header'],
    ['part of the length', 5, 'ends within its header'],
    ['part of the header', 60, 'ends within its header'],
    ['all but a value', -4, '"bias" is no float32 array of [2]'],
  ])('%s', async (_, length, problem) => {
    await writeTensors(path(), file);
    await writeFile(path(), (await readFile(path())).subarray(0, length === 0 ? 0 : length));
    await expect(readTensors(path())).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringContaining(problem),
    });
  });

  test.each([0, 0.3, 0.6, 0.9])('one bit is another, at %d of its length', async (share) => {
    const damaged = expect.objectContaining({ code: 'ARTIFACT_CORRUPT' }) as Error;
    await writeTensors(path(), file);
    await flipBit(path(), Math.floor(share * (await readFile(path())).length));
    await expect(readTensors(path())).rejects.toEqual(damaged);
    const problems: string[] = [];
    expect(await readKeptTensors(path(), (problem) => problems.push(problem))).toBeUndefined();
    expect(problems).toHaveLength(1);
  });

  test('a header that is not JSON', async () => {
    const bytes = Buffer.from('00000000 nonsense');
    bytes.writeBigUInt64LE(8n);
    await writeFile(path(), bytes);
    await expect(readTensors(path())).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringContaining('not JSON'),
    });
  });
});

test('comes back as it was written', async () => {
  await writeTensors(path(), file);
  const { tensors, metadata } = await readTensors(path());
  expect(metadata).toEqual(file.metadata);
  expect([...tensors]).toEqual([...file.tensors]);
});

test('is laid out as the format says: length, header, values in order', async () => {
  await writeTensors(path(), file);
  const bytes = await readFile(path());
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  expect(length % 8).toBe(0);
  expect(header.kernel).toEqual({ dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] });
  expect(header.bias).toEqual({ dtype: 'F32', shape: [2], data_offsets: [16, 24] });
  expect(bytes.readFloatLE(8 + length + 16)).toBe(-1);
});
