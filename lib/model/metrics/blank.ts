import type { BlankScore } from '../../contracts/validation';
import { estimateMean } from './estimate';
import { averagePrecision, precisionRecallCurve } from './precisionRecall';
import { animalAnswered, type SequenceScores } from './scores';

/** Animal (positive) against empty. @param sites - number of each sequence's site */
export function scoreBlank({ animal, isAnimal }: SequenceScores, sites: Uint32Array): BlankScore {
  const answers = Float64Array.from(animal, (probability) => (animalAnswered(probability) ? 1 : 0));
  const count = (truth: number, answer: number): number =>
    isAnimal.reduce((sum, is, sequence) => sum + (is === truth && answers[sequence] === answer ? 1 : 0), 0);
  const right = answers.map((answer, sequence) => (answer === isAnimal[sequence] ? 1 : 0));
  const share = (counted?: (sequence: number) => boolean) =>
    estimateMean({ values: right, sites, scale: 'share', ...(counted && { counted }) });
  const precision = share((sequence) => answers[sequence] === 1);
  const recall = share((sequence) => isAnimal[sequence] === 1);
  const curve = precisionRecallCurve(Float32Array.from(animal), (sequence) => isAnimal[sequence] === 1);
  return {
    accuracy: share()!,
    ...(precision && { precision }),
    ...(recall && { recall }),
    averagePrecision: averagePrecision(curve) ?? 0,
    found: count(1, 1),
    missed: count(1, 0),
    falseAlarms: count(0, 1),
    sortedOut: count(0, 0),
  };
}
