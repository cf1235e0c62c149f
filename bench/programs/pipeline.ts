import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { PickedFrame } from '../../lib/contracts/pick';
import type { Progress } from '../../lib/contracts/progress';
import { trainingOptionsSchema } from '../../lib/contracts/runInput';
import { extractFeatures } from '../../lib/model/features';
import { trainHead } from '../../lib/model/head';
import { TUTORIAL_INPUT } from '../backbone';
import { watchEventLoop } from '../eventLoop';
import { usage, type Usage } from '../usage';

export interface PipelineMeasure extends Usage {
  /** In the first pass, once it is under way. */
  readonly framesPerSecond: number;
  readonly features: { readonly seconds: number; readonly compute: number; readonly wait: number };
  readonly trainSeconds: number;
  /** Longest time that the event loop was held. */
  readonly heldSeconds: number;
}

/**
 * What the tutorial's program does, by this project: `pipeline.js SAVED_MODEL FRAMES.csv EPOCHS DRAFT`. Prints a
 * {@link PipelineMeasure}.
 */
async function main([savedModel, table, epochs, draft]: readonly string[]): Promise<void> {
  const held = watchEventLoop();
  const { frames, classes } = await readFrames(table!);
  const marks: { readonly at: number; readonly done: number }[] = [];
  const started = performance.now();
  const { timing } = await extractFeatures(
    {
      frames,
      readFrame: (fileName) => readFile(fileName),
      featureModelDirectory: savedModel!,
      preprocessing: TUTORIAL_INPUT,
      directory: join(draft!, 'features'),
    },
    { onProgress: ({ done }: Progress) => marks.push({ at: performance.now(), done }) },
  );
  const seconds = (performance.now() - started) / 1000;
  const options = trainingOptionsSchema.parse({ head: 'tutorial', epochs: Number(epochs) });
  const trainStarted = performance.now();
  await trainHead({
    features: [{ directory: join(draft!, 'features'), season: 'S1' }],
    frames,
    classes,
    options,
    scoring: {
      classes,
      emptyClass: classes[0]!,
      ...options,
      samplingRates: {},
      priors: classes.map(() => 1 / classes.length),
      kept: {},
    },
    seed: 1,
    directory: join(draft!, 'head'),
  });
  const trainSeconds = (performance.now() - trainStarted) / 1000;
  const measure: PipelineMeasure = {
    framesPerSecond: steadyRate(marks),
    features: { seconds, ...timing },
    trainSeconds,
    ...(await usage()),
    heldSeconds: held(),
  };
  console.log(JSON.stringify(measure));
}

async function readFrames(table: string): Promise<{ frames: PickedFrame[]; classes: string[] }> {
  const rows = parse<Record<string, string>>(await readFile(table), { columns: true });
  const classes = Object.keys(rows[0]!).filter((name) => name !== 'file');
  const frames = rows.map((row, number): PickedFrame => ({
    season: 'S1',
    fileName: row.file!,
    crc32: null,
    site: `site-${number % 20}`,
    sequence: String(number),
    hour: null,
    rank: 1,
    split: 'train',
    shard: 0,
    labels: classes.filter((name) => row[name] === '1'),
  }));
  return { frames, classes };
}

/** Frames a second without the first tenth, when nothing is decoded yet, and the last, when nothing is left to decode. */
function steadyRate(marks: readonly { readonly at: number; readonly done: number }[]): number {
  const all = marks.at(-1)!.done;
  const first = marks.find(({ done }) => done >= 0.1 * all)!;
  const last = marks.findLast(({ done }) => done <= 0.9 * all)!;
  return (1000 * (last.done - first.done)) / (last.at - first.at);
}

void main(process.argv.slice(2));
