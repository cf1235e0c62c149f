import { frameOptionsSchema } from '../lib/contracts/runInput';
import { FeatureSet } from './featureSet';
import type { BenchReport } from './harness';
import { measureSet, stacked, type MeasuredSet, type Trainings, type View } from './measureSet';
import { findSets, type NamedSource } from './realSets';

const TRAININGS: Trainings = {
  ours: {},
  "the tutorial's head": { head: 'tutorial' },
};

/**
 * What comes out on real photographs: this project's default beside the tutorial's head, scikit-learn and no skill.
 *
 * @param args - a folder of data sets, or a catalog: see {@link findSets}
 */
export async function run([path]: readonly string[] = []): Promise<BenchReport> {
  if (path === undefined) throw new Error('Name a folder that holds data sets as folders, or a catalog.');
  const measured: MeasuredSet[] = [];
  for (const source of await findSets(path)) {
    for (const view of await viewsOf(source)) measured.push(await measureSet(view, TRAININGS));
  }
  return {
    rows: stacked(measured.map(({ rows }) => rows)),
    ratios: Object.assign({}, ...measured.map(({ ratios }) => ratios)) as BenchReport['ratios'],
  };
}

/** The ways to look at a set: the first frame of each sequence, and all of them where there are more; all boxes. */
async function viewsOf(source: NamedSource): Promise<View[]> {
  const { name, detections } = source;
  const set = await FeatureSet.prepare(source);
  const first = frameOptionsSchema.parse({});
  const all = frameOptionsSchema.parse({ perSequence: 'all' });
  if (detections !== undefined) return [{ title: name, set, frames: all }];
  const more = (await set.pick(all, 1)).frames.length > (await set.pick(first, 1)).frames.length;
  if (!more) return [{ title: name, set, frames: first }];
  return [
    { title: `${name}, first frames`, set, frames: first },
    { title: `${name}, all frames`, set, frames: all },
  ];
}
