import { join } from 'node:path';
import { FeatureTable } from '../../../../lib/model/features';
import { BlockShuffle } from '../../../../lib/model/head/blockShuffle';
import { Random } from '../../../../lib/model/random';
import { temporaryFolder } from '../../../support/folders';
import { pickedFrame, writeFeatures } from '../support';

const folder = temporaryFolder();
const ROWS = 2000;
const WIDTH = 4;
let table: FeatureTable;

/** Two shards; a row's features are its number, so that a mix-up shows. */
beforeEach(async () => {
  const frames = Array.from({ length: ROWS }, (_, number) => pickedFrame(number));
  const halves = [frames.slice(0, 900), frames.slice(900)];
  const features = [];
  for (const [shard, half] of halves.entries()) {
    const directory = join(folder(), `shard-${shard}`);
    const rows = half.map(({ fileName }, row) => ({ fileName, features: Array(WIDTH).fill(shard * 900 + row) }));
    await writeFeatures(directory, rows);
    features.push({ directory, season: 'S1' });
  }
  table = await FeatureTable.open({ features, frames, split: 'train', classes: ['empty'] });
});

afterEach(async () => {
  await table.close();
});

const evenRows = Uint32Array.from({ length: ROWS / 2 }, (_, position) => position * 2);

async function passOf(shuffle: BlockShuffle, seed: number): Promise<{ rows: number[]; sizes: number[] }> {
  const rows: number[] = [];
  const sizes: number[] = [];
  for await (const batch of shuffle.batches(new Random(seed))) {
    sizes.push(batch.rows.length);
    rows.push(...batch.rows);
    batch.rows.forEach((row, position) => expect(batch.input[position * WIDTH]).toBe(row));
  }
  return { rows, sizes };
}

describe.each([
  ['in memory', 1e9],
  ['block by block', 2 * 256 * WIDTH * 4 * 2],
])('%s', (_, memoryBytes) => {
  test('every row comes once, with its own features', async () => {
    const { rows } = await passOf(new BlockShuffle(table, evenRows, { batchSize: 100, memoryBytes }), 1);
    expect(rows.toSorted((a, b) => a - b)).toEqual([...evenRows]);
  });

  test('the order depends on the seed alone', async () => {
    const pass = async (seed: number) =>
      (await passOf(new BlockShuffle(table, evenRows, { batchSize: 100, memoryBytes }), seed)).rows;
    expect(await pass(5)).toEqual(await pass(5));
    expect(await pass(5)).not.toEqual(await pass(6));
  });

  test('passes of one shuffle do not depend on those before', async () => {
    const shuffle = new BlockShuffle(table, evenRows, { batchSize: 100, memoryBytes });
    await passOf(shuffle, 1);
    const second = await passOf(shuffle, 2);
    expect(second).toEqual(await passOf(new BlockShuffle(table, evenRows, { batchSize: 100, memoryBytes }), 2));
  });
});

test('batches have their size, but for the last of a window', async () => {
  const { sizes } = await passOf(new BlockShuffle(table, evenRows, { batchSize: 300, memoryBytes: 1e9 }), 1);
  expect(sizes).toEqual([300, 300, 300, 100]);
});

test('shuffled in blocks, neighbours are still torn apart', async () => {
  const memoryBytes = 2 * 256 * WIDTH * 4 * 2;
  const { rows } = await passOf(new BlockShuffle(table, evenRows, { batchSize: 100, memoryBytes }), 1);
  const neighbours = rows.filter((row, position) => rows[position + 1] === row + 2).length;
  expect(neighbours).toBeLessThan(20);
});
