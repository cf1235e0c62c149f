import { calibrate, corrected, correctPriors } from '../../../lib/model/corrections';

const classes = ['empty', 'impala', 'zebra'];

describe('correction of the priors', () => {
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

describe('calibration', () => {
  const odds = (probability: number) => probability / (1 - probability);

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
    const rule = { classes, output: 'softmax' as const, samplingRates: { empty: 0.1 } };
    const calibration = { temperature: 1, bias: [0, Math.log(2), 0] };
    const row = Float64Array.of(0.2, 0.3, 0.5);
    expect(corrected(row, { ...rule, calibration })).toEqual(
      calibrate(correctPriors(row, rule), { ...rule, calibration }),
    );
  });
});
