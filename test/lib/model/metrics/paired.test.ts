import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Estimate } from '../../../../lib/contracts/validation';
import { estimateMean } from '../../../../lib/model/metrics/estimate';
import { pairedDifference } from '../../../../lib/model/metrics/paired';
import type { SequenceResult } from '../../../../lib/model/metrics/sequencesFile';
import { studentHalfWidth } from '../../../../lib/model/metrics/student';

type Model = readonly [losses: number[], right: boolean[], found: boolean[]];

/** Made by scripts/golden/paired.py with NumPy and SciPy. */
const golden = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'paired.json'), 'utf8')) as {
  sites: string[];
  first: Model;
  second: Model;
  animal: boolean[];
  difference: Record<'logLoss' | 'accuracy' | 'animalRecall', Estimate>;
  pairedT: Estimate;
  student: [freedom: number, quantile: number][];
};

const resultsOf = ([losses, right, found]: Model): SequenceResult[] =>
  golden.sites.map((site, sequence) => ({
    season: 'S2',
    sequence: String(sequence),
    site,
    right: right[sequence]!,
    found: golden.animal[sequence] ? found[sequence]! : undefined,
    logLoss: losses[sequence]!,
  }));

const first = resultsOf(golden.first);
const second = resultsOf(golden.second);

test.each(golden.student)("Student's t with %f degrees of freedom, as SciPy has it", (freedom, quantile) => {
  expect(studentHalfWidth(freedom) / quantile).toBeCloseTo(1, 4);
});

test('with a site for each sequence it is the paired t test', () => {
  const values = first.map(({ logLoss }, sequence) => second[sequence]!.logLoss - logLoss);
  const { value, low, high } = estimateMean({ values, sites: Uint32Array.from(values.keys()), scale: 'difference' })!;
  expect(value).toBeCloseTo(golden.pairedT.value, 12);
  expect(low).toBeCloseTo(golden.pairedT.low, 6);
  expect(high).toBeCloseTo(golden.pairedT.high, 6);
});

test.each(['logLoss', 'accuracy', 'animalRecall'] as const)('the difference in %s, over sites', (name) => {
  const difference = pairedDifference(first, second)[name]!;
  const expected = golden.difference[name];
  expect(difference.value).toBeCloseTo(expected.value, 12);
  expect(difference.low).toBeCloseTo(expected.low, 5);
  expect(difference.high).toBeCloseTo(expected.high, 5);
});

test('sequences are paired by name, whatever their order', () => {
  expect(pairedDifference(first, [...second].reverse())).toEqual(pairedDifference(first, second));
});

test('a model differs from itself by nothing', () => {
  expect(pairedDifference(first, first).logLoss).toEqual({ value: 0, low: 0, high: 0 });
});

test('other sequences are refused', () => {
  expect(() => pairedDifference(first, second.slice(1))).toThrow('have other sequences: 160 and 159');
});
