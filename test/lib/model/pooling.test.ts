import { SequencePool, type PoolingRule } from '../../../lib/model/pooling';

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
