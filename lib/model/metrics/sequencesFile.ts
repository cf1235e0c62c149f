import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import type { WorkOptions } from '../../contracts/progress';
import { csvLine } from '../../io/csvLine';
import { writeAtomic } from '../../io/files';
import { leastSureFirst } from './gallery';
import type { Predictions } from './predictions';
import { animalAnswered, type SequenceScores } from './scores';

export const SEQUENCES_FILE = 'sequences.csv';

/** How one sequence was answered: what two models are compared by. */
export interface SequenceResult {
  readonly season: string;
  readonly sequence: string;
  readonly site: string;
  /** Whether its most probable class is one of its own. */
  readonly right: boolean;
  /** 1 − p(empty). */
  readonly animal: number;
  /** Whether its animal is found at 1 − p(empty) ≥ 0.5; `undefined` where it shows none. */
  readonly found: boolean | undefined;
  readonly logLoss: number;
}

const HEAD = [
  'season',
  'sequence',
  'site',
  'first_frame',
  'labels',
  'answer',
  'probability',
  'animal',
  'right',
  'found',
  'log_loss',
] as const;

/**
 * A line a sequence, least sure answers first, so that a person can begin at the top: `animal` is 1 − p(empty); `right`
 * and `found` are 1 or 0, `found` is empty where there is no animal.
 */
export async function writeSequences(
  path: string,
  predictions: Predictions,
  scores: SequenceScores,
  { signal }: WorkOptions = {},
): Promise<void> {
  await writeAtomic(path, async (temporary) => {
    await pipeline(Readable.from(linesOf(predictions, scores)), createWriteStream(temporary), { signal });
  });
}

function* linesOf(predictions: Predictions, scores: SequenceScores): Generator<string> {
  const { classes, sequences, probabilities } = predictions;
  yield csvLine([...HEAD]);
  for (const position of leastSureFirst(predictions, scores)) {
    const { season, name, site, fileNames, classes: truth } = sequences[position]!;
    const answer = scores.predicted[position]!;
    const animal = scores.animal[position]!;
    yield csvLine([
      season,
      name,
      site,
      fileNames[0] ?? '',
      truth.map((label) => classes[label]!).join(';'),
      classes[answer]!,
      rounded(probabilities[position * classes.length + answer]!),
      rounded(animal),
      scores.correct[position]!,
      scores.isAnimal[position] === 1 ? Number(animalAnswered(animal)) : '',
      rounded(scores.logLoss[position]!),
    ]);
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(7));
}

/** Reads what {@link writeSequences} wrote. */
export async function readSequences(path: string, { signal }: WorkOptions = {}): Promise<SequenceResult[]> {
  const results: SequenceResult[] = [];
  const rows = createReadStream(path, { signal }).pipe(parse({ columns: true }));
  for await (const row of rows as AsyncIterable<Record<(typeof HEAD)[number], string>>) {
    const { season, sequence, site, right, animal, found, log_loss: logLoss } = row;
    results.push({
      season,
      sequence,
      site,
      right: right === '1',
      animal: Number(animal),
      found: found === '' ? undefined : found === '1',
      logLoss: Number(logLoss),
    });
  }
  return results;
}
