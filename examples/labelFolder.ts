/**
 * Labels a folder of photographs with a model that a run has made. Called again, it goes on where it was stopped and looks
 * at new photographs only.
 *
 *     node dist/examples/labelFolder.js path/to/photographs path/to/artifacts/model/KEY labels
 */
import { resolve } from 'node:path';
import type { WorkOptions } from '../lib/contracts/progress';
import { predictFolder, type PredictSummary } from '../lib/model';

/**
 * @param photographs - folder; those in folders below it are labelled, too
 * @param model - folder of a model artifact
 * @param output - gets `predictions.csv`, and `predictions.json` in the format that Timelapse reads
 */
export async function labelFolder(
  photographs: string,
  model: string,
  output: string,
  work: WorkOptions = {},
): Promise<PredictSummary> {
  return await predictFolder({ folder: photographs, modelDirectory: model, output, sequenceGap: 5 }, work);
}

async function main([photographs, model, output]: readonly string[]): Promise<void> {
  if (photographs === undefined || model === undefined || output === undefined) {
    throw new Error('Expected: FOLDER-OF-PHOTOGRAPHS FOLDER-OF-A-MODEL FOLDER-FOR-LABELS');
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('Stopped; the same command goes on from here.')));
  const summary = await labelFolder(resolve(photographs), resolve(model), resolve(output), {
    signal: stop.signal,
    onProgress: ({ done, total }) => process.stderr.write(`\r${done} of ${total} photographs `),
  });
  console.log(`\n${summary.csv}`);
  for (const { label, sequences } of summary.labels) console.log(`${label}: ${sequences}`);
}

if (require.main === module) void main(process.argv.slice(2));
