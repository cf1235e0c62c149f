import { shareInterval, wilson } from '../../../lib/report/interval';

test.each([
  [0, 0, 0, 1],
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [5, 10, 0.2366, 0.7634],
  [81, 263, 0.2553, 0.3662],
])('%i of %i lies between %f and %f', (successes, trials, low, high) => {
  const interval = wilson(successes, trials);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test('a share that was the same in every draw gets the interval of its trials', () => {
  const { low, high } = shareInterval({ value: 1, low: 1, high: 1 }, 47);
  expect(low).toBeCloseTo(0.9244, 4);
  expect(high).toBe(1);
  expect(shareInterval({ value: 0.8, low: 0.7, high: 0.9 }, 47)).toEqual({ value: 0.8, low: 0.7, high: 0.9 });
});
