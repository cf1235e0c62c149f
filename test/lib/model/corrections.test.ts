import { calibrate, corrected, correctPriors, type SamplingRule } from '../../../lib/model/corrections';
import { Random } from '../../../lib/model/random';

const classes = ['empty', 'impala', 'zebra'];

const odds = (probability: number) => probability / (1 - probability);

describe('correction of the priors', () => {
  const softmax: SamplingRule = {
    classes,
    emptyClass: 'empty',
    output: 'softmax',
    samplingRates: { empty: 0.1, impala: 1, zebra: 1 },
    priors: [0.7, 0.2, 0.1],
  };
  const sigmoid: SamplingRule = { ...softmax, output: 'sigmoid' };

  test('nothing was dropped: nothing changes', () => {
    const row = Float64Array.of(0.2, 0.3, 0.5);
    expect(correctPriors(row, { ...softmax, samplingRates: { empty: 1, impala: 1, zebra: 1 } })).toEqual(row);
  });

  test('a tenth of the empties was kept: the odds of empty are ten times as high', () => {
    const row = correctPriors(Float64Array.of(0.2, 0.3, 0.5), softmax);
    expect(odds(row[0]!)).toBeCloseTo(10 * odds(0.2), 10);
    expect(row[1]! / row[2]!).toBeCloseTo(0.3 / 0.5, 10);
    expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
  });

  test('any rates: Bayes on counts that were thinned gives back the counts', () => {
    const before = [800, 150, 50];
    const samplingRates = { empty: 0.05, impala: 0.4, zebra: 1 };
    const after = before.map((count, label) => count * Object.values(samplingRates)[label]!);
    const total = after.reduce((sum, count) => sum + count, 0);
    const row = correctPriors(
      Float64Array.from(after, (count) => count / total),
      { ...softmax, samplingRates },
    );
    expect(Array.from(row, (value) => Math.round(1000 * value))).toEqual(before);
  });

  test('sigmoid: empty is corrected by itself, two species keep their ratio', () => {
    const row = correctPriors(Float64Array.of(0.01, 0.9, 0.8), sigmoid);
    expect(odds(row[0]!)).toBeCloseTo(10 * odds(0.01), 10);
    expect(row[1]! / row[2]!).toBeCloseTo(0.9 / 0.8, 10);
    expect(row[1]!).toBeLessThan(0.9);
  });

  test.each([softmax, sigmoid])('all classes were thinned alike: nothing changes ($output)', (rule) => {
    const samplingRates = { empty: 0.1, impala: 0.1, zebra: 0.1 };
    const row = rule.output === 'softmax' ? [0.2, 0.3, 0.5] : [0.01, 0.95, 0.95];
    const after = correctPriors(Float64Array.from(row), { ...rule, samplingRates, meanSamplingRate: 0.1 });
    after.forEach((value, label) => expect(value).toBeCloseTo(row[label]!, 10));
  });

  test('sigmoid: the odds of a class of which a quarter was kept are four times as high, whatever else is there', () => {
    const samplingRates = { empty: 1, impala: 0.25, zebra: 1 };
    for (const zebra of [0.01, 0.95]) {
      const row = correctPriors(Float64Array.of(0, 0.6, zebra), { ...sigmoid, samplingRates, meanSamplingRate: 0.85 });
      expect(odds(row[1]!)).toBeCloseTo(4 * odds(0.6), 8);
    }
  });

  test.each([softmax, sigmoid])('a class of which nothing was kept changes nothing ($output)', (rule) => {
    const samplingRates = { empty: 0, impala: 1, zebra: 1 };
    const row = correctPriors(Float64Array.of(0, 0.4, 0.6), { ...rule, samplingRates, meanSamplingRate: 0.3 });
    [0, 0.4, 0.6].forEach((value, label) => expect(row[label]).toBeCloseTo(value, 10));
  });

  test.each([softmax, sigmoid])('a class that the training seasons do not have changes nothing ($output)', (rule) => {
    const samplingRates = { empty: 0.1, impala: 0.1, zebra: 1 };
    const row = correctPriors(Float64Array.of(0.3, 0.6, 0.1), { ...rule, samplingRates, priors: [0.7, 0.3, 0] });
    [0.3, 0.6, 0.1].forEach((value, label) => expect(row[label]).toBeCloseTo(value, 10));
  });
});

/** A world of sequences: what they show, how frequent that is, and one measurement, normally distributed, of each kind. */
const KINDS = [
  { labels: [0], share: 0.75, mean: 0 },
  { labels: [1], share: 0.14, mean: 1.5 },
  { labels: [2], share: 0.07, mean: 3 },
  { labels: [1, 2], share: 0.04, mean: 2.5 },
];

/** Box and Muller 1958. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** What one who learned from sequences of these shares would say of a measurement: exactly, by Bayes. */
function posterior(measured: number, shares: readonly number[]): number[] {
  const densities = KINDS.map(({ mean }, kind) => shares[kind]! * Math.exp(-((measured - mean) ** 2) / 2));
  const total = densities.reduce((sum, density) => sum + density, 0);
  return classes.map((_, label) =>
    densities.reduce((sum, density, kind) => sum + (KINDS[kind]!.labels.includes(label) ? density / total : 0), 0),
  );
}

/** Measures sequences and compares what is corrected with what one who learned from all of them would say. */
function simulate(kept: readonly number[]) {
  const of = (values: readonly number[], label: number) =>
    KINDS.reduce((sum, { labels }, kind) => sum + (labels.includes(label) ? values[kind]! : 0), 0);
  const shares = KINDS.map(({ share }) => share);
  const after = shares.map((share, kind) => share * kept[kind]!);
  const priors = classes.map((_, label) => of(shares, label));
  const rule: SamplingRule = {
    classes,
    emptyClass: 'empty',
    output: 'sigmoid',
    samplingRates: Object.fromEntries(classes.map((name, label) => [name, of(after, label) / priors[label]!])),
    meanSamplingRate: after.reduce((sum, share) => sum + share, 0),
    priors,
  };
  const random = new Random(11);
  const means = { learned: [0, 0, 0], corrected: [0, 0, 0] };
  let largestDifference = 0;
  const draws = 20_000;
  for (let draw = 0; draw < draws; draw++) {
    let rest = random.uniform();
    const kind = KINDS.find(({ share }) => (rest -= share) < 0) ?? KINDS[0]!;
    const measured = kind.mean + normal(random);
    const learned = posterior(measured, after);
    const row = correctPriors(Float64Array.from(learned), rule);
    const truth = posterior(measured, shares);
    row.forEach((value, label) => {
      means.learned[label]! += learned[label]! / draws;
      means.corrected[label]! += value / draws;
      largestDifference = Math.max(largestDifference, Math.abs(value - truth[label]!));
    });
  }
  return { ...means, priors, largestDifference };
}

describe('a simulation of independent outputs, with two species in some sequences', () => {
  test('a tenth of the empties kept: what is corrected is what learning from all sequences gives', () => {
    const { learned, corrected: means, priors, largestDifference } = simulate([0.1, 1, 1, 1]);
    expect(learned[1]! / priors[1]!).toBeGreaterThan(1.5);
    means.forEach((mean, label) => expect(Math.abs(mean / priors[label]! - 1)).toBeLessThan(0.03));
    expect(largestDifference).toBeLessThan(1e-9);
  });

  test('all thinned alike: nothing was shifted, nothing is', () => {
    expect(simulate([0.1, 0.1, 0.1, 0.1]).largestDifference).toBeLessThan(1e-9);
  });

  test('species thinned by different shares: the class frequencies come back', () => {
    const { learned, corrected: means, priors } = simulate([0.1, 0.3, 1, 0.3]);
    expect(learned[2]! / priors[2]!).toBeGreaterThan(1.5);
    means.forEach((mean, label) => expect(Math.abs(mean / priors[label]! - 1)).toBeLessThan(0.1));
  });
});

describe('calibration', () => {
  test('without one, nothing changes', () => {
    const row = Float64Array.of(0.2, 0.3, 0.5);
    expect(calibrate(row, { output: 'softmax' })).toEqual(row);
  });

  test('sigmoid: the temperature divides the logits, the bias moves them, class by class', () => {
    const calibration = { temperature: 2, bias: [Math.log(3), 0, 0] };
    const [empty, impala] = calibrate(Float64Array.of(0.8, 0.1, 0.5), { output: 'sigmoid', calibration });
    expect(odds(empty!)).toBeCloseTo(3 * Math.sqrt(4), 10);
    expect(odds(impala!)).toBeCloseTo(Math.sqrt(1 / 9), 10);
  });

  test('softmax: powers of the probabilities, weighed and divided by their sum', () => {
    const calibration = { temperature: 0.5, bias: [Math.log(4), 0, 0] };
    const row = calibrate(Float64Array.of(0.2, 0.3, 0.5), { output: 'softmax', calibration });
    const powers = [4 * 0.04, 0.09, 0.25];
    row.forEach((value, label) => expect(value).toBeCloseTo(powers[label]! / 0.5, 10));
  });

  test.each(['softmax', 'sigmoid'] as const)('%s: certainty stays finite', (output) => {
    const calibration = { temperature: 3, bias: [0, 0, 0] };
    const row = calibrate(Float64Array.of(1, 0, 0), { output, calibration });
    expect(row[0]).toBeGreaterThan(0.99);
    expect(row[1]).toBeGreaterThan(0);
    expect(row[1]).toBeLessThan(1e-3);
  });

  test('comes after the correction of the priors', () => {
    const sampled = { samplingRates: { empty: 0.1 }, priors: [0.7, 0.2, 0.1] };
    const rule = { classes, emptyClass: 'empty', output: 'softmax' as const, ...sampled };
    const calibration = { temperature: 1, bias: [0, Math.log(2), 0] };
    const row = Float64Array.of(0.2, 0.3, 0.5);
    expect(corrected(row, { ...rule, calibration })).toEqual(
      calibrate(correctPriors(row, rule), { ...rule, calibration }),
    );
  });
});
