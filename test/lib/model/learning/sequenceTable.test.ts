import { join } from 'node:path';
import { FeatureTable } from '../../../../lib/model/features';
import { featureRows, poolFeatures } from '../../../../lib/model/learning/sequenceTable';
import { temporaryFolder } from '../../../support/folders';
import { pickedFrame, writeFeatures } from '../support';

const folder = temporaryFolder();
let table: FeatureTable;

/** Sequence `a` has two frames in one shard and one in another, `b` none with features, `c` one. */
beforeEach(async () => {
  const frames = ['a', 'b', 'a', 'c', 'a'].map((sequence, number) => pickedFrame(number, { sequence }));
  const row = (number: number, features: number[]) => ({ fileName: frames[number]!.fileName, features });
  await writeFeatures(join(folder(), 'one'), [row(3, [9, 9]), row(0, [1, 8])]);
  await writeFeatures(join(folder(), 'two'), [row(2, [3, 2]), row(4, [5, -1])]);
  const features = ['one', 'two'].map((name) => ({ directory: join(folder(), name), season: 'S1' }));
  table = await FeatureTable.open({ features, frames, split: 'train', classes: ['empty'] });
});

afterEach(async () => {
  await table.close();
});

test.each([
  ['features-mean', [3, 3, 9, 9]],
  ['features-max', [5, 8, 9, 9]],
] as const)('%s: a row for each sequence that has a frame with features', async (pooling, expected) => {
  const rows = featureRows(table, pooling);
  const names = Array.from({ length: rows.rows }, (_, row) => rows.sequences[rows.sequenceOf(row)]!.name);
  expect(names).toEqual(['a', 'c']);
  const values = new Float32Array(4);
  await rows.read(Uint32Array.of(0, 1), values);
  expect([...values]).toEqual(expected);
  const second = new Float32Array(2);
  await rows.read(Uint32Array.of(1), second);
  expect([...second]).toEqual(expected.slice(2));
});

test.each(['mean', 'max', 'geometric'] as const)('%s is of predictions: the table stays as it is', (pooling) => {
  expect(featureRows(table, pooling)).toBe(table);
});

test('the largest of negative values is negative', () => {
  const pooled = new Float32Array(2);
  poolFeatures(Float32Array.of(-3, -1, -2, -5), 2, 'features-max', pooled);
  expect([...pooled]).toEqual([-2, -1]);
});
