import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SerengetiError } from '../../contracts/errors';
import type { ModelCard } from '../../contracts/model';
import type { PickCounts, PickedFrame } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import type { Estimate, ValidationResult } from '../../contracts/validation';
import { writeAtomic, writeFileAtomic } from '../../io/files';
import { expectFit } from '../classifier/assemble';
import { csvLine } from '../../io/csvLine';
import { FeatureTable, type FeatureFolder } from '../features';
import type { Head } from '../head';
import { baselineLosses } from './baselines';
import { scoreBlank } from './blank';
import { calibrate } from './calibration';
import { cautionsFor } from './cautions';
import { estimateMean, siteNumbers, type Scale } from './estimate';
import { selectExamples } from './gallery';
import { scoreGroups, scoreSites } from './groups';
import { confusionMatrix, scoreClasses } from './perClass';
import { predictSequences, rowOf, type Predictions } from './predictions';
import { scoreSequences, type SequenceScores } from './scores';
import { SEQUENCES_FILE, writeSequences } from './sequencesFile';
import { animalThresholds } from './thresholds';

export interface ValidateInput {
  /** Of the validation seasons. */
  readonly features: readonly FeatureFolder[];
  /** Picked frames; only those of the validation split are looked at. */
  readonly frames: Iterable<PickedFrame> | AsyncIterable<PickedFrame>;
  readonly head: Head;
  readonly card: ModelCard;
  /** Of the pick. */
  readonly counts: PickCounts;
  /** Frames that training saw; for the words of caution. */
  readonly trainFrames?: number;
  /** The draft. */
  readonly directory: string;
}

/**
 * Scores a head on held-out seasons. Files: `validation.json` ({@link ValidationResult}), `predictions.csv` (season,
 * sequence, and the corrected probability of each class) and `sequences.csv` (see {@link writeSequences}).
 *
 * @throws SerengetiError PICK_EMPTY without any validation sequence, MODEL_INVALID where head, card and features do not
 *   fit, CLASS_UNKNOWN and ARTIFACT_CORRUPT as {@link FeatureTable.open} does
 */
export async function validate(input: ValidateInput, work: WorkOptions = {}): Promise<ValidationResult> {
  expectFit(input.card, input.head);
  const table = await FeatureTable.open({ ...input, split: 'validation', classes: input.card.classes });
  try {
    if (table.sequences.length === 0) throw new SerengetiError('PICK_EMPTY', 'There is no sequence to validate on');
    const predictions = await predictSequences(table, input.head, input.card, work);
    const scores = await scoreSequences(predictions, work);
    const result = await evaluate(predictions, scores, input, work);
    await writeSequences(join(input.directory, SEQUENCES_FILE), predictions, scores, work);
    await writePredictions(join(input.directory, 'predictions.csv'), predictions, work);
    await writeFileAtomic(join(input.directory, 'validation.json'), `${JSON.stringify(result, null, 2)}\n`);
    return result;
  } finally {
    await table.close();
  }
}

/** All figures of a {@link ValidationResult}. */
export async function evaluate(
  predictions: Predictions,
  scores: SequenceScores,
  { card, counts, trainFrames }: Pick<ValidateInput, 'card' | 'counts' | 'trainFrames'>,
  work: WorkOptions = {},
): Promise<ValidationResult> {
  const { classes, sequences } = predictions;
  const sites = siteNumbers(sequences.map(({ site }) => site));
  const estimate = (values: Float64Array, scale: Scale): Estimate => estimateMean({ values, sites, scale })!;
  const { perClass, macroAveragePrecision, precisionRecall } = await scoreClasses(predictions, scores, counts, work);
  const figures = {
    accuracy: estimate(scores.correct, 'share'),
    top5: estimate(scores.amongFive, 'share'),
    crossEntropy: estimate(scores.crossEntropy, 'loss'),
    logLoss: estimate(scores.logLoss, 'loss'),
    logLossUncorrected: estimate(scores.logLossUncorrected, 'loss').value,
    baselines: baselineLosses(sequences, classes, counts),
    majorityAccuracy: Math.max(...perClass.map(({ sequences: count }) => count)) / sequences.length,
    sequences: sequences.length,
    sites: new Set(sites).size,
    perClass,
  };
  const { errors, hits, review } = selectExamples(predictions, scores);
  return {
    seasons: [...new Set(sequences.map(({ season }) => season))].sort(),
    classes,
    emptyClass: card.emptyClass,
    frames: predictions.frames,
    ...figures,
    macroAveragePrecision,
    blank: scoreBlank(scores, sites),
    thresholds: animalThresholds(scores, sequences, sites),
    confusion: confusionMatrix(predictions, scores),
    ...scoreSites(sequences, scores, sites, counts.sharedSites),
    perSeason: scoreGroups(sequences, scores, ({ season }) => season),
    perSite: scoreGroups(sequences, scores, ({ site }) => site),
    calibration: calibrate(predictions, scores),
    precisionRecall,
    errors,
    hits,
    review,
    cautions: cautionsFor(figures, counts, unseenOf(predictions), trainFrames),
  };
}

/** Sequences without a usable frame. */
function unseenOf({ seen }: Predictions): number {
  return seen.reduce((count, looked) => count + (1 - looked), 0);
}

async function writePredictions(path: string, predictions: Predictions, { signal }: WorkOptions): Promise<void> {
  await writeAtomic(path, async (temporary) => {
    await pipeline(Readable.from(csvLines(predictions)), createWriteStream(temporary), { signal });
  });
}

function* csvLines({ classes, sequences, probabilities }: Predictions): Generator<string> {
  yield csvLine(['season', 'sequence', ...classes]);
  for (const [position, { season, name }] of sequences.entries()) {
    const row = rowOf(probabilities, position, classes.length);
    yield csvLine([season, name, ...Array.from(row, (probability) => Number(probability.toPrecision(7)))]);
  }
}
