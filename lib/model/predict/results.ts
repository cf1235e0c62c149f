import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ModelCard } from '../../contracts/model';
import { writeAtomic } from '../../io/files';
import { csvLine } from '../../io/csvLine';
import { mostProbable } from '../metrics/scores';

/** A photograph as the result files list it. */
export interface PhotographResult {
  readonly file: string;
  /** Milliseconds by the camera's clock. */
  readonly taken?: number | undefined;
  readonly outcome: SequenceOutcome | { readonly failure: string };
}

/** What a sequence was taken for: the same for all its photographs. */
export interface SequenceOutcome {
  /** File name of its first photograph. */
  readonly sequence: string;
  /** One a class, priors corrected. */
  readonly probabilities: Float64Array;
}

/** Of the MegaDetector output format that is written. */
const FORMAT_VERSION = '1.4';
const ANIMAL = '1';

/** `predictions.csv`: a line a photograph. */
export async function writeCsv(
  path: string,
  results: readonly PhotographResult[],
  { classes }: ModelCard,
): Promise<void> {
  await writeText(path, function* () {
    yield csvLine(['file', 'sequence', 'taken', 'label', 'probability', 'failure', ...classes]);
    for (const { file, taken, outcome } of results) {
      const time = taken === undefined ? '' : new Date(taken).toISOString().slice(0, 19);
      if ('failure' in outcome) {
        yield csvLine([file, '', time, '', '', outcome.failure, ...classes.map(() => '')]);
      } else {
        const label = mostProbable(outcome.probabilities);
        const values = Array.from(outcome.probabilities, rounded);
        yield csvLine([file, outcome.sequence, time, classes[label]!, values[label]!, '', ...values]);
      }
    }
  });
}

/**
 * `predictions.json` in the MegaDetector output format (lila.science/megadetector-output-format), which Timelapse and
 * others open. The model sees whole photographs, so each has one "animal" the size of the photograph, as probable as it
 * is not empty, with the classes as its classifications.
 */
export async function writeMegaDetectorJson(
  path: string,
  results: readonly PhotographResult[],
  card: ModelCard,
): Promise<void> {
  await writeText(path, function* () {
    yield `{\n "info": ${JSON.stringify({ format_version: FORMAT_VERSION, classifier: `serengeti ${card.backbone}` })},\n`;
    yield ` "detection_categories": ${JSON.stringify({ [ANIMAL]: 'animal' })},\n`;
    yield ` "classification_categories": ${JSON.stringify(Object.fromEntries(card.classes.entries()))},\n`;
    yield ' "images": [';
    for (const [position, result] of results.entries()) {
      yield `${position === 0 ? '' : ','}\n  ${JSON.stringify(imageOf(result, card))}`;
    }
    yield '\n ]\n}\n';
  });
}

function imageOf({ file, outcome }: PhotographResult, { classes, emptyClass }: ModelCard): object {
  if ('failure' in outcome) return { file, failure: outcome.failure, detections: null };
  const empty = classes.indexOf(emptyClass);
  const classifications = Array.from(outcome.probabilities, (probability, label) => ({ probability, label }))
    .filter(({ label }) => label !== empty)
    .sort((a, b) => b.probability - a.probability)
    .map(({ probability, label }) => [String(label), rounded(probability)]);
  const conf = rounded(1 - outcome.probabilities[empty]!);
  return { file, detections: [{ category: ANIMAL, conf, bbox: [0, 0, 1, 1], classifications }] };
}

function rounded(probability: number): number {
  return Number(Math.min(1, Math.max(0, probability)).toFixed(5));
}

async function writeText(path: string, lines: () => Generator<string>): Promise<void> {
  await writeAtomic(path, async (temporary) => {
    await pipeline(Readable.from(lines()), createWriteStream(temporary));
  });
}
