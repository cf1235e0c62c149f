import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SerengetiError } from '../../contracts/errors';
import type { ModelCard } from '../../contracts/model';
import type { PickCounts, PickedFrame } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import type { ValidationResult } from '../../contracts/validation';
import { writeAtomic, writeFileAtomic } from '../../io/files';
import { expectFit } from '../classifier/assemble';
import { csvLine } from '../../io/csvLine';
import { FeatureTable, type FeatureFolder } from '../features';
import type { Head } from '../head';
import { baselineLosses } from './baselines';
import { estimateMeans, mean } from './bootstrap';
import { calibrate } from './calibration';
import { cautionsFor } from './cautions';
import { selectExamples } from './gallery';
import { scoreGroups } from './groups';
import { confusionMatrix, scoreBlank, scoreClasses } from './perClass';
import { predictSequences, rowOf, type Predictions } from './predictions';
import { scoreSequences } from './scores';

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
  readonly seed: number;
  /** The draft. */
  readonly directory: string;
}

/**
 * Scores a head on held-out seasons. Files: `validation.json` ({@link ValidationResult}) and `predictions.csv` (season,
 * sequence, and the corrected probability of each class).
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
    const result = await evaluate(predictions, input, work);
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
  { card, counts, seed, trainFrames }: Pick<ValidateInput, 'card' | 'counts' | 'seed' | 'trainFrames'>,
  work: WorkOptions = {},
): Promise<ValidationResult> {
  const { classes, sequences } = predictions;
  const scores = await scoreSequences(predictions, work);
  const sites = sequences.map(({ site }) => site);
  const estimates = await estimateMeans(
    { accuracy: scores.correct, top5: scores.amongFive, crossEntropy: scores.crossEntropy, logLoss: scores.logLoss },
    sites,
    seed,
    work,
  );
  const { perClass, precisionRecall } = await scoreClasses(predictions, scores, counts, work);
  const figures = {
    ...estimates,
    logLossUncorrected: mean(scores.logLossUncorrected),
    baselines: baselineLosses(sequences, classes, counts),
    majorityAccuracy: Math.max(...perClass.map(({ sequences: count }) => count)) / sequences.length,
    sequences: sequences.length,
    sites: new Set(sites).size,
    perClass,
  };
  const { errors, hits } = selectExamples(predictions, scores);
  return {
    seasons: [...new Set(sequences.map(({ season }) => season))].sort(),
    classes,
    emptyClass: card.emptyClass,
    frames: predictions.frames,
    ...figures,
    blank: scoreBlank(predictions, scores),
    confusion: confusionMatrix(predictions, scores),
    perSeason: scoreGroups(sequences, scores, ({ season }) => season),
    perSite: scoreGroups(sequences, scores, ({ site }) => site),
    calibration: calibrate(predictions, scores),
    precisionRecall,
    errors,
    hits,
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
