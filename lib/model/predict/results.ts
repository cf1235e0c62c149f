import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ModelCard } from '../../contracts/model';
import { writeAtomic } from '../../io/files';
import { csvLine } from '../../io/csvLine';
import { mostProbable } from '../metrics/scores';
import type { TimeSource } from './header';

/** A photograph as the result files list it. */
export interface PhotographResult {
  readonly file: string;
  /** Milliseconds by the camera's clock. */
  readonly taken?: number;
  readonly takenFrom?: TimeSource;
  /** The file ended early, or is damaged, and was used as far as possible; `undefined` where nobody looked. */
  readonly truncated?: boolean | undefined;
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

/** Writes both result files. @returns their paths */
export async function writeResults(output: string, results: readonly PhotographResult[], card: ModelCard) {
  const csv = join(output, 'predictions.csv');
  const json = join(output, 'predictions.json');
  await writeCsv(csv, results, card);
  await writeMegaDetectorJson(json, results, card);
  return { csv, json };
}

/** `predictions.csv`: a line a photograph. */
async function writeCsv(path: string, results: readonly PhotographResult[], { classes }: ModelCard): Promise<void> {
  await writeText(path, function* () {
    const columns = ['file', 'sequence', 'taken', 'taken_from', 'label', 'probability', 'ended_early', 'failure'];
    yield csvLine([...columns, ...classes]);
    for (const { file, taken, takenFrom = '', truncated, outcome } of results) {
      const time = taken === undefined ? '' : clockText(taken);
      if ('failure' in outcome) {
        yield csvLine([file, '', time, takenFrom, '', '', '', outcome.failure, ...classes.map(() => '')]);
      } else {
        const { sequence, probabilities } = outcome;
        const label = mostProbable(probabilities);
        const values = Array.from(probabilities, rounded);
        const endedEarly = truncated === true ? 'yes' : '';
        yield csvLine([file, sequence, time, takenFrom, classes[label]!, values[label]!, endedEarly, '', ...values]);
      }
    }
  });
}

/**
 * `predictions.json` in the MegaDetector output format (lila.science/megadetector-output-format), which Timelapse and
 * others open. The model sees whole photographs, so each has one "animal" the size of the photograph, as probable as it
 * is not empty, with the classes as its classifications.
 */
async function writeMegaDetectorJson(
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

/** Without a zone: it is what the camera's clock showed. */
function clockText(taken: number): string {
  return new Date(taken).toISOString().slice(0, 19);
}

async function writeText(path: string, lines: () => Generator<string>): Promise<void> {
  await writeAtomic(path, async (temporary) => {
    await pipeline(Readable.from(lines()), createWriteStream(temporary));
  });
}
