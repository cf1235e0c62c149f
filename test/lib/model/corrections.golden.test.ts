import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Calibration } from '../../../lib/contracts/model';
import type { PickCounts } from '../../../lib/contracts/pick';
import { trainingOptionsSchema, type TrainingOptions } from '../../../lib/contracts/runInput';
import { createModelCard } from '../../../lib/model/classifier';
import { corrected, correctPriors } from '../../../lib/model/corrections';
import { PREPROCESSING } from './support';

interface Count {
  readonly before: number;
  readonly after: number;
}

interface Case extends Pick<TrainingOptions, 'output' | 'classWeights'> {
  readonly sequences: Count;
  readonly counts: Readonly<Record<string, Count>>;
  readonly calibration: Calibration;
  readonly pooled: readonly (readonly number[])[];
  readonly corrected: readonly (readonly number[])[];
  readonly calibrated: readonly (readonly number[])[];
}

/** Made by scripts/golden/probabilities.py, which counts sequences, with SciPy and scikit-learn. */
const golden = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'probabilities.json'), 'utf8')) as {
  readonly classes: readonly string[];
  readonly emptyClass: string;
  readonly cases: readonly Case[];
};

function cardOf({ output, classWeights, sequences, counts, calibration }: Case) {
  const pick: PickCounts = {
    classes: golden.classes.map((className) => ({ className, split: 'train', ...counts[className]! })),
    train: sequences,
    validation: { before: 0, after: 0 },
    samplingRates: Object.fromEntries(golden.classes.map((name) => [name, counts[name]!.after / counts[name]!.before])),
    dropped: [],
    sharedSites: [],
  };
  return createModelCard({
    backbone: 'efficientnet-lite0',
    weightsSha256: '0'.repeat(64),
    featureWidth: 8,
    preprocessing: PREPROCESSING,
    classes: golden.classes,
    emptyClass: golden.emptyClass,
    framesPerSequence: 'first',
    counts: pick,
    trainSeasons: ['S1'],
    calibration,
    training: { ...trainingOptionsSchema.parse({}), output, classWeights },
    seed: 1,
    version: '0.0.0',
  });
}

describe.each(golden.cases)('$output, class weights: $classWeights', (example) => {
  const card = cardOf(example);

  test('corrected for the sampling', () => {
    example.pooled.forEach((row, place) => {
      const answer = correctPriors(Float64Array.from(row), card);
      answer.forEach((value, label) => expect(value).toBeCloseTo(example.corrected[place]![label]!, 10));
    });
  });

  test('and calibrated', () => {
    example.pooled.forEach((row, place) => {
      const answer = corrected(Float64Array.from(row), card);
      answer.forEach((value, label) => expect(value).toBeCloseTo(example.calibrated[place]![label]!, 10));
    });
  });
});
