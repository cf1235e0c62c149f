import { averagePrecision, precisionRecallCurve, thinned } from '../../../../lib/model/metrics/precisionRecall';
import { Random } from '../../../../lib/model/random';

test('nothing positive: no curve, no average', () => {
  const curve = precisionRecallCurve(Float32Array.of(0.1, 0.9), () => false);
  expect(curve).toEqual([]);
  expect(averagePrecision(curve)).toBeNull();
});

test('equals are found together, whatever their order', () => {
  const scores = Float32Array.of(0.5, 0.5, 0.5, 0.2);
  for (const positive of [0, 1, 2]) {
    const curve = precisionRecallCurve(scores, (sequence) => sequence === positive);
    expect(curve).toEqual([
      { recall: 1, precision: 1 / 3 },
      { recall: 1, precision: 1 / 4 },
    ]);
  }
});

test('a perfect order has an average precision of 1', () => {
  const curve = precisionRecallCurve(Float32Array.of(0.9, 0.8, 0.3, 0.1), (sequence) => sequence < 2);
  expect(averagePrecision(curve)).toBe(1);
});

test('for drawing, a long curve keeps its ends and even steps between', () => {
  const random = new Random(1);
  const scores = Float32Array.from({ length: 5000 }, () => random.uniform());
  const curve = precisionRecallCurve(scores, (sequence) => scores[sequence]! + random.uniform() > 1);
  const points = thinned(curve);
  expect(points.length).toBeLessThanOrEqual(61);
  expect(points[0]).toBe(curve[0]);
  expect(points.at(-1)).toBe(curve.at(-1));
  const steps = points.slice(1).map(({ recall }, position) => recall - points[position]!.recall);
  expect(Math.max(...steps)).toBeLessThan(0.05);
});
