import type { PickCounts } from '../../contracts/pick';
import type { ValidationResult } from '../../contracts/validation';

/** Below these, figures move a lot with a few sequences more or less. */
const LITTLE_TRAINING = 1000;
const LITTLE_VALIDATION = 500;
const LITTLE_OF_A_CLASS = 10;
const FEW_SITES = 5;
const NAMED = 12;

type Facts = Pick<
  ValidationResult,
  'perClass' | 'sites' | 'sequences' | 'accuracy' | 'majorityAccuracy' | 'logLoss' | 'baselines'
>;

/**
 * What a reader has to know before believing the figures, in plain words.
 *
 * @param unseen - validation sequences without a usable frame
 * @param trainFrames - frames that training saw
 */
export function cautionsFor(
  facts: Facts,
  counts: PickCounts,
  unseen: number,
  trainFrames: number | undefined,
): string[] {
  const { perClass, sites, sequences } = facts;
  const trained = counts.train.after;
  const withoutTraining = perClass.filter((score) => score.trainSequences === 0 && score.sequences > 0);
  const hardlyTrained = perClass.filter(({ trainSequences: n }) => n > 0 && n < LITTLE_OF_A_CLASS);
  const notJudged = perClass.filter((score) => score.sequences === 0);
  const hardlyJudged = perClass.filter(({ sequences: n }) => n > 0 && n < LITTLE_OF_A_CLASS);
  return [
    trained < LITTLE_TRAINING &&
      `Only ${trainingText(trained, trainFrames)}: a model from so little knows these photographs rather than these animals.`,
    sequences < LITTLE_VALIDATION &&
      `Only ${count(sequences, 'validation sequence')}: every figure here would move with a few more or less; see the intervals.`,
    sites < FEW_SITES &&
      `The validation sequences come from ${count(sites, 'site')}: the intervals are over sequences, and say nothing of other sites.`,
    counts.sharedSites.length > 0 &&
      `${count(counts.sharedSites.length, 'site')} of ${sites} also occur${counts.sharedSites.length === 1 ? 's' : ''} in training: at new sites expect less.`,
    withoutTraining.length > 0 &&
      `Training had no example of ${names(withoutTraining)}, which validation has: the model cannot answer ${withoutTraining.length === 1 ? 'it' : 'them'}.`,
    hardlyTrained.length > 0 && `Training had fewer than ${LITTLE_OF_A_CLASS} sequences of ${names(hardlyTrained)}.`,
    notJudged.length > 0 &&
      `Validation has no example of ${names(notJudged)}: nothing is known of how well the model does there.`,
    hardlyJudged.length > 0 &&
      `Validation has fewer than ${LITTLE_OF_A_CLASS} sequences of ${names(hardlyJudged)}: their figures are anecdotes.`,
    unseen > 0 &&
      `${count(unseen, 'validation sequence')} had no readable frame: the class frequencies of training stand in for a prediction.`,
    facts.accuracy.value <= facts.majorityAccuracy &&
      'Always answering the most frequent class would be right as often or more often.',
    facts.logLoss.value >= facts.baselines.truePrior &&
      'Answering the class frequencies of training every time would have as good a log loss or better.',
  ].filter((caution) => caution !== false);
}

function trainingText(sequences: number, frames: number | undefined): string {
  const inSequences = count(sequences, 'training sequence');
  return frames === undefined ? inSequences : `${count(frames, 'training frame')} (${inSequences})`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

function names(scores: readonly { readonly className: string }[]): string {
  const all = scores.map(({ className }) => className);
  if (all.length <= NAMED) return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
  return `${all.slice(0, NAMED).join(', ')} and ${all.length - NAMED} more`;
}
