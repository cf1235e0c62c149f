import { frameOptionsSchema, type RunRequest } from '../lib/contracts/runInput';
import { FeatureSet } from './featureSet';
import type { BenchReport } from './harness';
import { measureSet, stacked, type MeasuredSet, type Trainings, type View } from './measureSet';
import { findSets, type NamedSource } from './realSets';

const TRAININGS: Trainings = {
  ours: {},
  "the tutorial's head": { head: 'tutorial' },
};

/** What the network sees instead of the default. */
const INPUTS: Readonly<Record<string, NonNullable<RunRequest['model']>['input']>> = {
  'ours at 224×224': { width: 224, height: 224 },
  'ours at 512×384': { width: 512, height: 384 },
  'ours at 512×384, letterboxed': { width: 512, height: 384, fit: 'letterbox' },
};

/** Where every season has detections. */
const CROPS: NonNullable<RunRequest['model']> = { crop: 'detections' };

/**
 * What comes out on real photographs: this project's default beside the tutorial's head, other inputs, scikit-learn and
 * no skill; and how many frames a second each input lets through, from JPEG to features.
 *
 * @param args - a folder of data sets, or a catalog: see {@link findSets}
 */
export async function run([path]: readonly string[] = []): Promise<BenchReport> {
  if (path === undefined) throw new Error('Name a folder that holds data sets as folders, or a catalog.');
  const measured: MeasuredSet[] = [];
  const sources = await findSets(path);
  for (const source of sources) {
    for (const view of await viewsOf(source)) measured.push(await measureSet(view, TRAININGS));
  }
  return {
    rows: [...stacked(measured.map(({ rows }) => rows)), ...(await rateRows(sources[0]!))],
    ratios: Object.assign({}, ...measured.map(({ ratios }) => ratios)) as BenchReport['ratios'],
  };
}

/** The ways to look at a set: the first frame of each sequence, and all of them where there are more; all boxes. */
async function viewsOf(source: NamedSource): Promise<View[]> {
  const { name, detections } = source;
  const set = await FeatureSet.prepare(source);
  const others: Record<string, FeatureSet> = {};
  for (const [title, input] of Object.entries(INPUTS)) others[title] = await FeatureSet.prepare(source, { input });
  if (source.catalog.seasons.every((season) => season.detections !== undefined)) {
    others['ours, animals cut out'] = await FeatureSet.prepare(source, CROPS);
  }
  const first = frameOptionsSchema.parse({});
  const all = frameOptionsSchema.parse({ perSequence: 'all' });
  if (detections !== undefined) return [{ title: name, set, frames: all, others }];
  const more = (await set.pick(all, 1)).frames.length > (await set.pick(first, 1)).frames.length;
  if (!more) return [{ title: name, set, frames: first, others }];
  return [
    { title: `${name}, first frames`, set, frames: first, others },
    { title: `${name}, all frames`, set, frames: all, others },
  ];
}

/** Frames that rates are measured on. */
const MEASURED_FRAMES = 96;

async function rateRows(source: NamedSource): Promise<string[][]> {
  const rows: string[][] = [];
  for (const [title, input] of Object.entries({ ours: undefined, ...INPUTS })) {
    const set = await FeatureSet.prepare(source, { input });
    const rate = await set.measureRate(MEASURED_FRAMES);
    rows.push([`${title}: ${rate.toFixed(1)} frames/s`, '', '', '', '']);
  }
  return rows;
}
