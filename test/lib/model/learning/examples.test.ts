import { join } from 'node:path';
import type { PickedFrame } from '../../../../lib/contracts/pick';
import { FeatureTable } from '../../../../lib/model/features';
import { balancedWeights, Examples, type ExampleRules } from '../../../../lib/model/learning/examples';
import { temporaryFolder } from '../../../support/folders';
import { pickedFrame, writeFeatures } from '../support';

const folder = temporaryFolder();
const classes = ['empty', 'impala', 'zebra'];
let table: FeatureTable;
const rows = Uint32Array.of(0, 1, 2, 3, 4, 5);

/** Three frames of one zebra sequence, an empty one, one with two species, another empty one. */
beforeEach(async () => {
  const zebra = { sequence: 'a', labels: ['zebra'] };
  const frames: PickedFrame[] = [
    pickedFrame(0, zebra),
    pickedFrame(1, { ...zebra, rank: 2 }),
    pickedFrame(2, { ...zebra, rank: 3 }),
    pickedFrame(3, { sequence: 'b', labels: ['empty'] }),
    pickedFrame(4, { sequence: 'c', labels: ['impala', 'zebra'] }),
    pickedFrame(5, { sequence: 'd', labels: ['empty'] }),
  ];
  const directory = join(folder(), 'features');
  await writeFeatures(
    directory,
    frames.map(({ fileName }) => ({ fileName, features: [1] })),
  );
  table = await FeatureTable.open({ features: [{ directory, season: 'S1' }], frames, split: 'train', classes });
});

afterEach(async () => {
  await table.close();
});

const rounded = (values: Float32Array) => Array.from(values, (value) => Number(value.toFixed(4)));
const plain = { output: 'softmax', classWeights: 'none', labelSmoothing: 0 } as const;

test('a sequence counts the same however many frames it has', () => {
  const weights = rounded(new Examples(table, 3, rows, plain).weights(rows));
  expect(weights[0]! + weights[1]! + weights[2]!).toBeCloseTo(weights[3]!, 3);
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(rows.length, 3);
});

test('balanced, a class counts by the inverse of its sequences', () => {
  const weights = new Examples(table, 3, rows, { ...plain, classWeights: 'balanced' }).weights(rows);
  // 4 sequences, 3 classes: empty 4/6, impala 4/3, zebra 4/6; the two-species sequence has the mean, 1.
  expect(weights[4]! / weights[3]!).toBeCloseTo(1 / (4 / 6), 4);
});

test('species that share a sequence share its probability, or have each their own', () => {
  const two = Uint32Array.of(4);
  expect(rounded(new Examples(table, 3, rows, plain).targets(two))).toEqual([0, 0.5, 0.5]);
  expect(rounded(new Examples(table, 3, rows, { ...plain, output: 'sigmoid' }).targets(two))).toEqual([0, 1, 1]);
});

test('balanced, no class counts more than ten times', () => {
  expect(balancedWeights([1000, 10, 0], 1010)).toEqual([1010 / 2000, 10, 0]);
});

describe('smoothing moves targets towards the class frequencies', () => {
  const smooth = { ...plain, labelSmoothing: 0.4 };

  test('softmax', () => {
    // Of four sequences two are empty, one a zebra, one half an impala and half a zebra.
    const [empty, impala, zebra] = new Examples(table, 3, rows, smooth).targets(Uint32Array.of(3));
    expect(empty).toBeCloseTo(0.6 + 0.4 * (2 / 4), 5);
    expect(impala).toBeCloseTo(0.4 * (0.5 / 4), 5);
    expect(zebra).toBeCloseTo(0.4 * (1.5 / 4), 5);
  });

  test.each(['none', 'balanced'] as const)('sigmoid: their mean stays, class weights: %s', (classWeights) => {
    const meanOf = (rules: ExampleRules): number[] => {
      const examples = new Examples(table, 3, rows, rules);
      const weights = examples.weights(rows);
      const targets = examples.targets(rows);
      return classes.map((_, label) =>
        weights.reduce((sum, weight, row) => sum + weight * targets[3 * row + label]!, 0),
      );
    };
    const rules = { ...smooth, output: 'sigmoid' as const, classWeights };
    const unsmoothed = meanOf({ ...rules, labelSmoothing: 0 });
    meanOf(rules).forEach((mean, label) => expect(mean).toBeCloseTo(unsmoothed[label]!, 4));
  });
});
