import { join } from 'node:path';
import { frameOptionsSchema } from '../lib/contracts/runInput';
import { loadCatalog } from '../lib/seasons';
import { simulateCatalog } from '../simulator';
import { SPECIES } from '../simulator/plan/classes';
import type { TuningMeasure } from './contestants';
import { FeatureSet } from './featureSet';
import { benchFolder, type BenchReport } from './harness';
import { measureSet, stacked, type MeasuredSet, type Trainings } from './measureSet';

const SEASONS = ['S1', 'S2', 'S3'];
const SEQUENCES = '600';
const DIFFICULTIES = ['0', '0.5', '1'];
/** All frames of a sequence are looked at: with one there would be nothing to pool. */
const FRAMES = frameOptionsSchema.parse({ perSequence: 'all' });

const TRAININGS: Trainings = {
  ours: {},
  "the tutorial's head": { head: 'tutorial' },
  'fine-tuned': { fineTune: { epochs: 6, cells: 4, learningRate: 0.0003 } },
};

/**
 * How good a model gets on simulated seasons, from easy ones to such as are as hard as real ones: all species, as
 * unequally frequent as in Serengeti, the last season held out. And what fine-tuning asks of the machine meanwhile.
 *
 * @param args - sequences a season, then difficulties from 0 to 1
 */
export async function run([sequences = SEQUENCES, ...difficulties]: readonly string[] = []): Promise<BenchReport> {
  const measured: MeasuredSet[] = [];
  for (const difficulty of difficulties.length > 0 ? difficulties : DIFFICULTIES) {
    const set = await drawn(Number(sequences), Number(difficulty));
    measured.push(await measureSet({ title: `difficulty ${difficulty}`, set, frames: FRAMES }, TRAININGS));
  }
  const tunings = measured.flatMap(({ tunings: own }) => own);
  return {
    rows: [...stacked(measured.map(({ rows }) => rows)), ...tuningRows(tunings)],
    ratios: Object.assign({}, ...measured.map(({ ratios }) => ratios)) as BenchReport['ratios'],
  };
}

async function drawn(sequences: number, difficulty: number): Promise<FeatureSet> {
  const folder = join(benchFolder('drawn'), `${sequences}-${difficulty}`);
  console.log(`Drawing ${SEASONS.length} seasons of ${sequences} sequences, difficulty ${difficulty}, once …`);
  await simulateCatalog(folder, {
    ...{ seasons: SEASONS, sequences, difficulty, sites: 40, species: SPECIES.length, balance: 1 },
    ...{ width: 640, height: 480, testSequences: 0 },
  });
  return await FeatureSet.prepare({ catalog: await loadCatalog(join(folder, 'catalog.json')) });
}

function tuningRows(tunings: readonly TuningMeasure[]): string[][] {
  if (tunings.length === 0) return [];
  const held = Math.max(...tunings.map(({ heldSeconds }) => heldSeconds));
  const peak = Math.max(...tunings.map(({ peakBytes }) => peakBytes));
  return [
    [`fine-tuning holds the event loop at most ${held.toFixed(2)} s`, '', '', '', ''],
    [`memory of the process by then ${(peak / 1e9).toFixed(2)} GB`, '', '', '', ''],
  ];
}
