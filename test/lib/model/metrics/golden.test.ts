import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelCard } from '../../../../lib/contracts/model';
import type { PickCounts } from '../../../../lib/contracts/pick';
import type { ValidationResult } from '../../../../lib/contracts/validation';
import { precisionRecallCurve } from '../../../../lib/model/metrics/precisionRecall';
import type { Predictions } from '../../../../lib/model/metrics/predictions';
import { scoreSequences } from '../../../../lib/model/metrics/scores';
import { evaluate } from '../../../../lib/model/metrics/validate';

/** Made by scripts/golden/metrics.py with scikit-learn. */
const golden = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'metrics.json'), 'utf8')) as {
  classes: string[];
  emptyClass: string;
  truth: number[][];
  sites: string[];
  sixtyFourths: number[][];
  single: number[];
  scores: Pick<ValidationResult, 'perClass' | 'confusion'> & {
    blank: Record<'accuracy' | 'precision' | 'recall' | 'averagePrecision', number>;
  } & Record<'accuracy' | 'top5' | 'top5OfSingle' | 'crossEntropy' | 'logLoss' | 'calibrationError', number> & {
      zebraCurve: [recall: number, precision: number][];
    };
};

const probabilities = Float32Array.from(golden.sixtyFourths.flat(), (value) => value / 64);
const predictions: Predictions = {
  classes: golden.classes,
  empty: golden.classes.indexOf(golden.emptyClass),
  sequences: golden.truth.map((classes, sequence) => ({
    season: 'S2',
    site: golden.sites[sequence]!,
    name: String(sequence),
    classes,
    hour: null,
    fileNames: [`${sequence}.JPG`],
  })),
  probabilities,
  uncorrected: probabilities,
  seen: new Uint8Array(golden.truth.length).fill(1),
  frames: golden.truth.length,
};
const counts: PickCounts = {
  classes: [],
  train: { before: 0, after: 0 },
  validation: { before: 0, after: 0 },
  samplingRates: {},
  dropped: [],
  sharedSites: [],
};

let result: ValidationResult;

beforeAll(async () => {
  const card = { emptyClass: golden.emptyClass } as ModelCard;
  result = await evaluate(predictions, await scoreSequences(predictions), { card, counts });
});

test.each(['accuracy', 'top5', 'crossEntropy', 'logLoss'] as const)('%s', (name) => {
  expect(result[name].value).toBeCloseTo(golden.scores[name], 10);
});

test('top five where there is one class to find', async () => {
  const { amongFive } = await scoreSequences(predictions);
  const sum = golden.single.reduce((total, sequence) => total + amongFive[sequence]!, 0);
  expect(sum / golden.single.length).toBeCloseTo(golden.scores.top5OfSingle, 10);
});

test('animal against empty', () => {
  const { accuracy, precision, recall, averagePrecision } = golden.scores.blank;
  expect(result.blank.accuracy.value).toBeCloseTo(accuracy, 10);
  expect(result.blank.precision?.value).toBeCloseTo(precision, 10);
  expect(result.blank.recall?.value).toBeCloseTo(recall, 10);
  expect(result.blank.averagePrecision).toBeCloseTo(averagePrecision, 10);
});

test.each(golden.classes.map((name, label) => [name, label] as const))(
  'precision, recall and average precision of %s',
  (_, label) => {
    const expected = golden.scores.perClass[label]!;
    const actual = result.perClass[label]!;
    expect(actual.sequences).toBe(expected.sequences);
    expect(actual.predicted).toBe(expected.predicted);
    for (const name of ['precision', 'recall', 'averagePrecision'] as const) {
      if (expected[name] === null) expect(actual[name]).toBeNull();
      else expect(actual[name]).toBeCloseTo(expected[name], 6);
    }
  },
);

test('confusion', () => {
  expect(result.confusion).toEqual(golden.scores.confusion);
});

test('calibration error', () => {
  expect(result.calibration.error).toBeCloseTo(golden.scores.calibrationError, 6);
  expect(result.calibration.bins.reduce((sum, { count }) => sum + count, 0)).toBe(golden.truth.length);
});

test('the curve of precision against recall', () => {
  const zebra = golden.classes.length - 1;
  const scores = Float32Array.from(
    golden.truth,
    (_, sequence) => probabilities[sequence * golden.classes.length + zebra]!,
  );
  const curve = precisionRecallCurve(scores, (sequence) => golden.truth[sequence]!.includes(zebra));
  const points = curve.map(({ recall, precision }) => `${recall.toFixed(9)} ${precision.toFixed(9)}`);
  // scikit-learn closes the curve with a point of recall 0 and precision 1 that no threshold gives.
  const expected = golden.scores.zebraCurve
    .map(([recall, precision]) => `${recall.toFixed(9)} ${precision.toFixed(9)}`)
    .filter((point) => point !== '0.000000000 1.000000000');
  expect(new Set(points.filter((point) => point !== '0.000000000 1.000000000'))).toEqual(new Set(expected));
});
