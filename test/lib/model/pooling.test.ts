import { correctPriors, SequencePool, type PoolingRule } from '../../../lib/model/pooling';

const rule: PoolingRule = {
  classes: ['empty', 'impala', 'zebra'],
  emptyClass: 'empty',
  output: 'sigmoid',
  pooling: 'mean',
};
const frames = [
  [0.9, 0.2, 0.1],
  [0.1, 0.2, 0.8],
];

function pooled(overrides: Partial<PoolingRule>, rows = frames): number[] | undefined {
  const pool = new SequencePool(2, { ...rule, ...overrides });
  for (const row of rows) pool.add(1, Float32Array.from(row));
  const result = pool.pooled(1);
  return result && Array.from(result, (value) => Number(value.toFixed(6)));
}

describe('the frames of a sequence become one prediction', () => {
  test('no frame: nothing to say', () => {
    expect(pooled({}, [])).toBeUndefined();
  });

  test('mean', () => {
    expect(pooled({})).toEqual([0.5, 0.2, 0.45]);
  });

  test('max', () => {
    expect(pooled({ pooling: 'max' })).toEqual([0.9, 0.2, 0.8]);
  });

  test('geometric: one frame with an animal is enough to doubt an empty sequence', () => {
    expect(pooled({ pooling: 'geometric' })).toEqual([0.3, 0.2, 0.45]);
  });

  test('a certain frame does not silence the others', () => {
    expect(
      pooled({ pooling: 'geometric' }, [
        [0, 0, 0],
        [1, 0, 0],
      ])![0],
    ).toBeCloseTo(1e-6, 8);
  });

  test('softmax outputs add up to 1 afterwards', () => {
    expect(pooled({ output: 'softmax', pooling: 'max' })!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });
});

describe('correction of the priors', () => {
  const { classes } = rule;

  test('nothing was dropped: nothing changes', () => {
    const row = Float64Array.of(0.2, 0.3, 0.5);
    expect(correctPriors(row, { classes, samplingRates: { empty: 1, impala: 1, zebra: 1 } })).toEqual(row);
  });

  test('a tenth of the empties was kept: the odds of empty are ten times as high', () => {
    const corrected = correctPriors(Float64Array.of(0.2, 0.3, 0.5), { classes, samplingRates: { empty: 0.1 } });
    expect(corrected[0]! / (1 - corrected[0]!)).toBeCloseTo(10 * (0.2 / 0.8), 10);
    expect(corrected[1]! / corrected[2]!).toBeCloseTo(0.3 / 0.5, 10);
    expect(corrected.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
  });

  test('any rates: Bayes on counts that were thinned gives back the counts', () => {
    const before = [800, 150, 50];
    const samplingRates = { empty: 0.05, impala: 0.4, zebra: 1 };
    const after = before.map((count, label) => count * Object.values(samplingRates)[label]!);
    const total = after.reduce((sum, count) => sum + count, 0);
    const corrected = correctPriors(
      Float64Array.from(after, (count) => count / total),
      { classes, samplingRates },
    );
    expect(Array.from(corrected, (value) => Math.round(1000 * value))).toEqual(before);
  });

  test('sigmoid outputs: empty is corrected alone, two species keep their ratio', () => {
    const corrected = correctPriors(Float64Array.of(0.01, 0.9, 0.8), { classes, samplingRates: { empty: 0.1 } });
    expect(corrected[0]! / (1 - corrected[0]!)).toBeCloseTo(10 * (0.01 / 0.99), 10);
    expect(corrected[1]! / corrected[2]!).toBeCloseTo(0.9 / 0.8, 10);
    expect(corrected[1]!).toBeLessThan(0.9);
  });

  test('a class of which nothing was kept stays as it is', () => {
    const corrected = correctPriors(Float64Array.of(0, 0.4, 0.6), { classes, samplingRates: { empty: 0 } });
    expect(Array.from(corrected)).toEqual([0, 0.4, 0.6]);
  });
});
