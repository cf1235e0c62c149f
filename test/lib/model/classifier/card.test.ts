import type { PickCounts } from '../../../../lib/contracts/pick';
import { trainingOptionsSchema, type TrainingOptions } from '../../../../lib/contracts/runInput';
import { createModelCard } from '../../../../lib/model/classifier';
import { correctPriors } from '../../../../lib/model/corrections';
import { PREPROCESSING } from '../support';

const classes = ['empty', 'impala', 'zebra'];
/** A tenth of 8,000 empties was kept. */
const before = { empty: 8000, impala: 1980, zebra: 20 };
const after = { empty: 800, impala: 1980, zebra: 20 };

const counts: PickCounts = {
  classes: classes.map((className) => ({
    className,
    split: 'train',
    before: before[className as keyof typeof before],
    after: after[className as keyof typeof after],
  })),
  train: { before: 10_000, after: 2800 },
  validation: { before: 0, after: 0 },
  samplingRates: { empty: 0.1, impala: 1, zebra: 1 },
  dropped: [],
  sharedSites: [],
};

function cardFor(training: Partial<TrainingOptions>) {
  return createModelCard({
    backbone: 'efficientnet-lite0',
    weightsSha256: '0'.repeat(64),
    featureWidth: 8,
    preprocessing: PREPROCESSING,
    classes,
    emptyClass: 'empty',
    framesPerSequence: 'first',
    counts,
    trainSeasons: ['S1'],
    training: { ...trainingOptionsSchema.parse({}), ...training },
    seed: 1,
    version: '0.0.0',
  });
}

test('the rates are what sampling kept of each class, and of all', () => {
  expect(cardFor({})).toMatchObject({
    samplingRates: { empty: 0.1, impala: 1, zebra: 1 },
    meanSamplingRate: 0.28,
    priors: [0.8, 0.198, 0.002],
  });
});

test('class weights count as sampling, and rare classes ten times at most', () => {
  const { samplingRates, meanSamplingRate } = cardFor({ classWeights: 'balanced' });
  expect(samplingRates['empty']).toBeCloseTo(0.1 * (2800 / 3 / 800), 10);
  expect(samplingRates['impala']).toBeCloseTo(2800 / 3 / 1980, 10);
  expect(samplingRates['zebra']).toBe(10);
  expect(meanSamplingRate).toBeCloseTo((2 * (2800 / 3) + 200) / 10_000, 10);
});

test.each(['softmax', 'sigmoid'] as const)('the correction brings back what weights took (%s)', (output) => {
  const card = cardFor({ classWeights: 'balanced', output });
  // What a head learns that knows nothing of photographs: how much each class counted.
  const weighted = classes.map((name, label) => card.priors[label]! * card.samplingRates[name]!);
  const total = weighted.reduce((sum, weight) => sum + weight, 0);
  const row = correctPriors(
    Float64Array.from(weighted, (weight) => weight / total),
    card,
  );
  row.forEach((value, label) => expect(value).toBeCloseTo(card.priors[label]!, 8));
});
