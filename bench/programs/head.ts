import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeadChoice } from '../../lib/contracts/model';
import { trainingOptionsSchema } from '../../lib/contracts/runInput';
import { trainHead } from '../../lib/model/head';
import { CLASSES, drawnFrames } from '../drawnFeatures';
import { watchEventLoop } from '../eventLoop';
import { usage, type Usage } from '../usage';

export interface HeadMeasure extends Usage {
  /** Cross-validation, calibration and the fit on all frames. */
  readonly seconds: number;
  /** Heads that cross-validation tried. */
  readonly candidates: number;
  /** Longest time that the event loop was held. */
  readonly heldSeconds: number;
}

/** Trains the default head on features that were drawn: `head.js FOLDER FRAMES`. Prints a {@link HeadMeasure}. */
async function main([folder, count]: readonly string[]): Promise<void> {
  const frames = drawnFrames(Number(count));
  const options = trainingOptionsSchema.parse({});
  const priors = CLASSES.map((name) => frames.filter(({ labels }) => labels.includes(name)).length / frames.length);
  const directory = join(folder!, 'head');
  const held = watchEventLoop();
  const started = performance.now();
  await trainHead({
    features: [{ directory: join(folder!, 'features'), season: 'S1' }],
    frames,
    classes: CLASSES,
    options,
    scoring: { classes: CLASSES, emptyClass: CLASSES[0]!, ...options, samplingRates: {}, priors, kept: {} },
    seed: 1,
    directory,
  });
  const seconds = (performance.now() - started) / 1000;
  const { candidates } = JSON.parse(await readFile(join(directory, 'choice.json'), 'utf8')) as HeadChoice;
  const measure: HeadMeasure = { seconds, candidates: candidates.length, ...(await usage()), heldSeconds: held() };
  console.log(JSON.stringify(measure));
}

void main(process.argv.slice(2));
