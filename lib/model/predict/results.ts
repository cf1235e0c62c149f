import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ModelCard } from '../../contracts/model';
import { writeAtomic } from '../../io/files';
import { csvLine } from '../../io/csvLine';
import { mostProbable } from '../metrics/scores';
import { megaDetectorLines } from './megaDetector';
import { rounded, type PhotographResult } from './photographResult';

/** Writes both result files. @returns their paths */
export async function writeResults(output: string, results: readonly PhotographResult[], card: ModelCard) {
  const csv = join(output, 'predictions.csv');
  const json = join(output, 'predictions.json');
  await writeCsv(csv, results, card);
  await writeText(json, () => megaDetectorLines(results, card));
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

/** Without a zone: it is what the camera's clock showed. */
function clockText(taken: number): string {
  return new Date(taken).toISOString().slice(0, 19);
}

async function writeText(path: string, lines: () => Generator<string>): Promise<void> {
  await writeAtomic(path, async (temporary) => {
    await pipeline(Readable.from(lines()), createWriteStream(temporary));
  });
}
