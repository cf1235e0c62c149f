import type { PickCounts } from '../../../../lib/contracts/pick';
import type { TableSequence } from '../../../../lib/model/features';
import { baselineLosses } from '../../../../lib/model/metrics/baselines';

const CLASSES = ['empty', 'impala', 'zebra'];
const sequence = (...classes: number[]): TableSequence => ({
  season: 'S2',
  site: 'A',
  name: '',
  classes,
  hour: null,
  fileNames: [],
});
/** Six empty, three impala, one with impala and zebra. */
const sequences = [...Array<TableSequence>(6).fill(sequence(0)), sequence(1), sequence(1), sequence(1), sequence(1, 2)];

/** Training: 800 of 1000 empty, of which a tenth was kept. */
const counts: PickCounts = {
  classes: [
    { className: 'empty', split: 'train', before: 800, after: 80 },
    { className: 'impala', split: 'train', before: 150, after: 150 },
    { className: 'zebra', split: 'train', before: 50, after: 50 },
    { className: 'zebra', split: 'validation', before: 1, after: 1 },
  ],
  train: { before: 1000, after: 280 },
  validation: { before: 10, after: 10 },
  samplingRates: { empty: 0.1 },
  dropped: [],
  sharedSites: [],
};

const loss = (y: number, p: number) => -(y * Math.log(p)) - (1 - y) * Math.log(1 - p);

test('each is the mean log loss of one answer for all sequences', () => {
  const baselines = baselineLosses(sequences, CLASSES, counts);
  const expected = (p: readonly number[]) => (loss(0.6, p[0]!) + loss(0.4, p[1]!) + loss(0.1, p[2]!)) / 3;
  expect(baselines.uniform).toBeCloseTo(expected([1 / 3, 1 / 3, 1 / 3]), 12);
  expect(baselines.sampledPrior).toBeCloseTo(expected([80 / 280, 150 / 280, 50 / 280]), 12);
  expect(baselines.truePrior).toBeCloseTo(expected([0.8, 0.15, 0.05]), 12);
});

test('uniform over 54 classes, one a sequence: 0.0922', () => {
  const classes = Array.from({ length: 54 }, (_, number) => String(number));
  expect(baselineLosses([sequence(0)], classes, counts).uniform).toBeCloseTo(0.0922, 4);
});

test('a class that training never saw is not answered with certainty', () => {
  expect(baselineLosses([sequence(2)], ['a', 'b', 'c'], counts).truePrior).toBeLessThan(20);
});
