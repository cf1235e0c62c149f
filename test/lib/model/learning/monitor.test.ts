import { join } from 'node:path';
import { FeatureTable } from '../../../../lib/model/features';
import { splitBySite } from '../../../../lib/model/learning/monitor';
import { temporaryFolder } from '../../../support/folders';
import { pickedFrame, writeFeatures } from '../support';

const folder = temporaryFolder();

async function split(sites: number, seed: number) {
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
  return { parts: splitBySite(table, seed), siteOf };
}

test('one site cannot be split', async () => {
  expect((await split(1, 1)).parts).toBeUndefined();
});

test('two sites: one to each side', async () => {
  const { parts } = await split(2, 1);
  expect([parts!.learned.length, parts!.monitored.length]).toEqual([50, 50]);
});

test('whole sites are set aside until they hold a tenth', async () => {
  const { parts, siteOf } = await split(20, 1);
  const monitored = new Set(Array.from(parts!.monitored, siteOf));
  expect(parts!.monitored).toHaveLength(10);
  expect(Array.from(parts!.learned, siteOf).some((site) => monitored.has(site))).toBe(false);
  expect(parts!.learned.length + parts!.monitored.length).toBe(100);
});

test('the seed decides which', async () => {
  const monitored = async (seed: number) => [...(await split(20, seed)).parts!.monitored];
  expect(await monitored(1)).toEqual(await monitored(1));
  expect(await monitored(1)).not.toEqual(await monitored(2));
});
