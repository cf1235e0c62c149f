import { join } from 'node:path';
import { FeatureTable } from '../../../../lib/model/features';
import { trainingOptionsSchema, type TrainingOptions } from '../../../../lib/contracts/runInput';
import { slicesOf } from '../../../../lib/model/learning/slices';
import { temporaryFolder } from '../../../support/folders';
import { pickedFrame, writeFeatures } from '../support';

const folder = temporaryFolder();

type Asked = Partial<TrainingOptions>;

async function split(sites: number, seed: number, options: Asked = { head: 'tutorial', patience: 2 }) {
  const frames = Array.from({ length: 100 }, (_, number) => pickedFrame(number, { site: `site-${number % sites}` }));
  const directory = join(folder(), `features-${sites}`);
  await writeFeatures(
    directory,
    frames.map(({ fileName }) => ({ fileName, features: [1] })),
  );
  const features = [{ directory, season: 'S1' }];
  const table = await FeatureTable.open({ features, frames, split: 'train', classes: ['empty'] });
  await table.close();
  const siteOf = (row: number) => table.sequences[table.sequenceOf(row)]!.site;
  const warnings: string[] = [];
  const onWarning = ({ message }: { readonly message: string }) => warnings.push(message);
  const slices = slicesOf(table, trainingOptionsSchema.parse(options), seed, { onWarning });
  return { slices, siteOf, warnings };
}

test('one site cannot be split, which is said', async () => {
  const { slices, warnings } = await split(1, 1);
  expect(slices.monitored).toBeUndefined();
  expect(slices.learned).toHaveLength(100);
  expect(warnings).toEqual([expect.stringContaining('1 site')]);
});

test('two sites: one to each side', async () => {
  const { slices } = await split(2, 1);
  expect([slices.learned.length, slices.monitored!.length]).toEqual([50, 50]);
});

test('whole sites are set aside until they hold a tenth', async () => {
  const { slices, siteOf } = await split(20, 1);
  const monitored = new Set(Array.from(slices.monitored!, siteOf));
  expect(slices.monitored).toHaveLength(10);
  expect(Array.from(slices.learned, siteOf).some((site) => monitored.has(site))).toBe(false);
  expect(slices.learned.length + slices.monitored!.length).toBe(100);
});

test('what stops a training and what calibrates it have no site in common', async () => {
  const { slices, siteOf } = await split(20, 1, { head: 'tutorial', patience: 2, calibration: 'temperature' });
  const sites = [slices.learned, slices.monitored!, slices.calibrated!].map(
    (rows) => new Set(Array.from(rows, siteOf)),
  );
  expect(sites.map(({ size }) => size)).toEqual([16, 2, 2]);
  expect(new Set(sites.flatMap((own) => [...own])).size).toBe(20);
});

test.each<[string, Asked, readonly string[]]>([
  ['a fitted head sets nothing aside: it has cross-validation', {}, ['learned']],
  ['fine-tuning is calibrated', { fineTune: {} as never }, ['learned', 'calibrated']],
  ['unless that is not asked for', { fineTune: {} as never, calibration: 'none' }, ['learned']],
  ["the tutorial's head only where it is asked for", { head: 'tutorial' }, ['learned']],
])('%s', async (_, options, expected) => {
  expect(Object.keys((await split(20, 1, options)).slices)).toEqual(expected);
});

test('the seed decides which', async () => {
  const monitored = async (seed: number) => [...(await split(20, seed)).slices.monitored!];
  expect(await monitored(1)).toEqual(await monitored(1));
  expect(await monitored(1)).not.toEqual(await monitored(2));
});
