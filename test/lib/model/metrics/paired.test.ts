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
    animal: found[sequence] ? 0.9 : 0.1,
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

test('a model that takes everything for an animal is one that looks at everything', () => {
  const everything = first.map((result) => ({
    ...result,
    animal: 0.9,
    found: result.found === undefined ? undefined : true,
  }));
  expect(pairedDifference(everything, first).animalRecall!.value).toBeLessThan(0);
  expect(pairedDifference(everything, first).animalsAmongAsMany).toEqual({ first: 1, second: 1 });
});

test('a model that is sure of other animals first finds fewer among as many sequences', () => {
  const result = (sequence: number, animal: number, isAnimal: boolean): SequenceResult => ({
    ...first[0]!,
    sequence: String(sequence),
    animal,
    found: isAnimal ? animal >= 0.5 : undefined,
  });
  const one = [result(1, 0.9, true), result(2, 0.8, true), result(3, 0.1, false)];
  const other = [result(1, 0.9, true), result(2, 0.2, true), result(3, 0.6, false)];
  expect(pairedDifference(one, other).animalsAmongAsMany).toEqual({ first: 1, second: 0.5 });
});

test('a model differs from itself by nothing', () => {
  expect(pairedDifference(first, first).logLoss).toEqual({ value: 0, low: 0, high: 0 });
});

test('other sequences are refused', () => {
  expect(() => pairedDifference(first, second.slice(1))).toThrow('have other sequences: 160 and 159');
});
