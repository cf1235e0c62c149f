import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIds, readParquet, writeIds, writeParquet } from '../../../lib/metadata';
import { temporaryFolder } from '../../support/folders';

const folder = temporaryFolder();

it('writes columns and reads rows, in their order', async () => {
  const path = join(folder(), 'deep', 'table.parquet');
  await writeParquet(path, {
    name: { type: 'VARCHAR', values: ["it's", null, 'é', ''] },
    flag: { type: 'BOOLEAN', values: [true, false, null, true] },
    count: { type: 'INTEGER', values: [1, -2, 3, null] },
    'odd "name"': { type: 'DOUBLE', values: [0.5, null, 1e300, -0] },
  });

  expect(await readParquet(path)).toEqual([
    { name: "it's", flag: true, count: 1, 'odd "name"': 0.5 },
    { name: null, flag: false, count: -2, 'odd "name"': null },
    { name: 'é', flag: null, count: 3, 'odd "name"': 1e300 },
    { name: '', flag: true, count: null, 'odd "name"': -0 },
  ]);
});

it('writes tables without rows', async () => {
  const path = join(folder(), 'empty.parquet');
  await writeParquet(path, { name: { type: 'VARCHAR', values: [] } });

  expect(await readParquet(path)).toEqual([]);
});

it('refuses columns of different lengths', async () => {
  const columns = { a: { type: 'INTEGER', values: [1] }, b: { type: 'INTEGER', values: [1, 2] } } as const;

  await expect(writeParquet(join(folder(), 'x.parquet'), columns)).rejects.toThrow(
    'Expected columns of one length, got 1, 2',
  );
});

it('keeps the ids of features in the order of their rows, many of them', async () => {
  const ids = Array.from({ length: 5000 }, (_, row) => ({
    fileName: `S1/B04/PICT${(row * 7919) % 5000}.JPG`,
    crc32: row % 5 === 0 ? null : 4_294_967_295 - row,
    truncated: row % 3 === 0,
  }));
  const path = join(folder(), 'ids.parquet');
  await writeIds(path, ids);
  const bytes = await readFile(path);
  await writeIds(path, ids);

  expect(await readIds(path)).toEqual(ids);
  expect((await readFile(path)).equals(bytes)).toBe(true);
});

it.each<[string, (bytes: Buffer) => Buffer]>([
  ['cut off', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ['empty', () => Buffer.alloc(0)],
  ['with other bytes at the start of its data', (bytes) => changed(bytes, 10)],
  ['with other bytes in its footer', (bytes) => changed(bytes, bytes.length - 190)],
])('says of a damaged file which it is: one %s', async (_, damage) => {
  const path = join(folder(), 'table.parquet');
  await writeParquet(path, { name: { type: 'VARCHAR', values: Array.from({ length: 5000 }, (__, i) => `name ${i}`) } });
  await writeFile(path, damage(await readFile(path)));

  await expect(readParquet(path)).rejects.toMatchObject({
    code: 'ARTIFACT_CORRUPT',
    message: expect.stringContaining(path) as string,
    details: { path },
  });
});

function changed(bytes: Buffer, at: number): Buffer {
  return Buffer.from(bytes.map((byte, i) => (i >= at && i < at + 20 ? byte ^ 0xff : byte)));
}
