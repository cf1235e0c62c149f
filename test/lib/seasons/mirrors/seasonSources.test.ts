import { catalogSchema, type Mirror } from '../../../../lib/contracts/catalog';
import { probeMetadata, probeSeason, sourceVersions } from '../../../../lib/seasons';
import type { FolderServer } from '../../../../simulator/server/serveFolder';
import type { Fault } from '../../../../simulator/server/faults';
import { temporaryFolder } from '../../../support/folders';
import { QUICK, mirror, servers } from '../support/served';

const folder = temporaryFolder();
const hosts = servers();

const serve = (files: Readonly<Record<string, string>>, ...faults: Fault[]): Promise<FolderServer> =>
  hosts.startWith(folder(), files, faults);

describe('probeSeason', () => {
  const catalogAt = (...mirrors: Mirror[]) =>
    catalogSchema.parse({
      name: 'own',
      mirrors,
      classes: ['empty', 'zebra'],
      seasons: [
        {
          id: 'S8',
          archives: ['S8.zip'],
          metadata: { format: 'competition-csv', metadata: 'metadata.csv', labels: 'labels.csv' },
        },
      ],
    });
  const metadata = { 'metadata.csv': 'm', 'labels.csv': 'l' };

  test('metadata and archives in the order of the catalog', async () => {
    const catalog = catalogAt(mirror('a', await serve({ ...metadata, 'S8.zip': 'zip' })));
    const sources = await probeSeason(catalog, catalog.seasons[0]!);
    expect(sources.season).toBe('S8');
    expect(sources.metadata.map(({ path }) => path)).toEqual(['metadata.csv', 'labels.csv']);
    expect(sources.archives.map(({ path, bytes }) => [path, bytes])).toEqual([['S8.zip', 3]]);
  });

  test('an archive that is published in parts is found in parts', async () => {
    const parts = { 'S8_part1.zip': '1', 'S8_part2.zip': '22', 'S8_part3.zip': '333', 'S8_part5.zip': '5' };
    const catalog = catalogAt(mirror('a', await serve({ ...metadata, ...parts })));
    const { archives } = await probeSeason(catalog, catalog.seasons[0]!);
    expect(archives.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['S8_part1.zip', 1],
      ['S8_part2.zip', 2],
      ['S8_part3.zip', 3],
    ]);
  });

  test('an archive that is nowhere, in parts neither, is missing by its own name', async () => {
    const catalog = catalogAt(mirror('a', await serve(metadata)));
    await expect(probeSeason(catalog, catalog.seasons[0]!)).rejects.toMatchObject({
      code: 'SOURCE_MISSING',
      message: expect.stringContaining('No mirror gives S8.zip'),
    });
  });
});

describe('probeMetadata of a Camtrap DP package', () => {
  const DESCRIPTOR = JSON.stringify({
    resources: ['deployments', 'media', 'observations'].map((name) => ({ name, path: `${name}.csv` })),
  });
  const tables = { 'own/deployments.csv': 'd', 'own/media.csv': 'mm', 'own/observations.csv': 'ooo' };
  const metadataAt = (path: string, mirrors: Mirror[]) =>
    probeMetadata({ mirrors }, { metadata: { format: 'camtrap-dp', path } }, { policy: QUICK });

  test('finds its tables by its descriptor, which another mirror gives when the first fails', async () => {
    const files = { 'own/datapackage.json': DESCRIPTOR, ...tables };
    const failing: Fault = { path: /datapackage/, after: 1, status: 500 };
    const mirrors = [mirror('a', await serve(files, failing)), mirror('b', await serve(files))];
    const found = await metadataAt('own/datapackage.json', mirrors);
    expect(found.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['own/datapackage.json', DESCRIPTOR.length],
      ['own/deployments.csv', 1],
      ['own/media.csv', 2],
      ['own/observations.csv', 3],
    ]);
    expect(sourceVersions(found)).toHaveLength(2);
  });

  test('says so when no mirror gives its descriptor', async () => {
    const server = await serve({ 'own/datapackage.json': DESCRIPTOR }, { after: 1, status: 500 });
    await expect(metadataAt('own/datapackage.json', [mirror('a', server)])).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('No mirror gives own/datapackage.json'),
    });
  });

  test('misses a table by its name', async () => {
    const server = await serve({
      'own/datapackage.json': DESCRIPTOR,
      'own/deployments.csv': 'd',
      'own/media.csv': 'm',
    });
    await expect(metadataAt('own/datapackage.json', [mirror('a', server)])).rejects.toMatchObject({
      code: 'SOURCE_MISSING',
      message: expect.stringContaining('No mirror gives own/observations.csv'),
    });
  });

  test('is one file where it is a zip', async () => {
    const found = await metadataAt('own.zip', [mirror('a', await serve({ 'own.zip': 'zip' }))]);
    expect(found.map(({ path }) => path)).toEqual(['own.zip']);
  });
});
