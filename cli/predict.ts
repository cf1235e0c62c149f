import { dirname, resolve } from 'node:path';
import {
  describeSkipped,
  outputFor,
  predictFolder,
  readModelCard,
  runtimeInfo,
  type PredictSummary,
} from '../lib/model';
import { openStore } from '../lib/store';
import { readSettings } from '../workers/settings';
import { EXIT_CODES } from './exitCodes';
import { withModel } from './modelSource';
import { counted } from '../lib/contracts/format';
import { createWorkView } from './terminal/workView';

export interface PredictOptions {
  readonly model?: string;
  readonly output?: string;
  readonly gap: number;
  /** Seconds, by folder. */
  readonly clock?: Readonly<Record<string, number>>;
  readonly batchSize?: number;
  readonly detections?: string;
}

/** Labels that are named in the summary. */
const NAMED = 12;

/** `serengeti predict`: labels a folder of one's own photographs. */
export async function predict(folder: string, options: PredictOptions): Promise<void> {
  const output =
    options.output === undefined ? await outputFor(resolve(folder), process.cwd()) : resolve(options.output);
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  try {
    const summary = await withModel(options.model, openStore(readSettings().store), async (modelDirectory, said) => {
      await announce(modelDirectory, said);
      const { gap: sequenceGap, clock: clocks = {} } = options;
      const detections = options.detections === undefined ? undefined : resolve(options.detections);
      const input = { folder: resolve(folder), modelDirectory, output, sequenceGap, clocks, detections };
      const view = createWorkView('Photographs');
      try {
        const { signal } = stop;
        return await predictFolder(input, {
          ...options,
          signal,
          onProgress: (progress) => view.update(progress),
          onWarning: ({ message }) => process.stderr.write(`warning: ${message}\n`),
        });
      } finally {
        view.stop();
      }
    });
    process.stdout.write(summaryText(summary));
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stdout.write('\nStopped. The same command goes on from here.\n');
    process.exitCode = EXIT_CODES.interrupted;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  }
}

async function announce(modelDirectory: string, where: string): Promise<void> {
  const { backbone, classes, trainSeasons } = await readModelCard(modelDirectory);
  const { version, device, gpus, warning } = runtimeInfo();
  const hardware = [device.toUpperCase(), ...gpus].join(', ');
  process.stdout.write(
    `Model       ${backbone}, ${counted(classes.length, 'class', 'classes')}, trained on ${trainSeasons.join(', ')}\n` +
      `            ${where}\n` +
      `TensorFlow  ${version} (${hardware})\n\n`,
  );
  if (warning !== undefined) process.stderr.write(`warning: ${warning}\n\n`);
}

function summaryText(summary: PredictSummary): string {
  const { photographs, sequences, seen, failed, truncated, reused, skipped, labels, csv, json } = summary;
  const counts = [
    `${counted(photographs, 'photograph')} in ${counted(sequences, 'sequence')}`,
    `${counted(seen, 'photograph')} looked at: as many of each sequence as in training`,
    `${counted(reused, 'photograph')} predicted earlier`,
    `${counted(truncated, 'file')} ended early and ${truncated === 1 ? 'was' : 'were'} used as far as possible`,
    `${counted(failed, 'file')} could not be read; the results say why`,
    describeSkipped(skipped),
  ].filter(
    (_, position) =>
      [true, seen + failed < photographs, reused > 0, truncated > 0, failed > 0, skipped.length > 0][position],
  );
  const named = labels.slice(0, NAMED).map(({ label, sequences: count }) => `${label} ${count}`);
  const rest = labels.length > NAMED ? `, and ${labels.length - NAMED} more labels` : '';
  return (
    `\n  ${counts.join('\n  ')}\n\n  Sequences  ${named.join(', ')}${rest}\n` +
    `  CSV        ${csv}\n  JSON       ${json}\n` +
    `\nLook at them with: npm run serengeti -- review ${dirname(csv)}\n`
  );
}
