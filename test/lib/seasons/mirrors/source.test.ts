import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogSchema, type Mirror } from '../../../../lib/contracts/catalog';
import { probe, probeMetadata, probeSeason, sourceVersions, type SourceFile } from '../../../../lib/seasons';
import type { FolderServer } from '../../../../lib/simulator/server/serveFolder';
import type { Fault } from '../../../../lib/simulator/server/faults';
import { temporaryFolder } from '../../../support/folders';
import { QUICK, mirror, servers } from '../support/served';

const folder = temporaryFolder();
const hosts = servers();

/** Serves files by name and content. */
async function serve(files: Readonly<Record<string, string>>, ...faults: Fault[]): Promise<FolderServer> {
  const directory = join(folder(), `server-${Math.random()}`);
  await mkdir(directory);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(directory, name, '..'), { recursive: true });
    await writeFile(join(directory, name), content);
  }
  return await hosts.start({ directory, faults });
}

const ask = (mirrors: readonly Mirror[], warnings: string[] = []): Promise<SourceFile> =>
  probe(mirrors, 'a/S1 +.zip', { policy: QUICK, onWarning: ({ message }) => warnings.push(message) });

describe('probe', () => {
  const files = { 'a/S1 +.zip': 'twelve bytes' };

  test('gives size, version and ranges of every mirror that has the file', async () => {
    const [a, b, c] = [await serve(files), await serve({}), await serve(files, { noValidators: true })];
    const warnings: string[] = [];
    const file = await ask([mirror('a', a), mirror('b', b), mirror('c', c)], warnings);
    const etag = expect.stringMatching(/^"/);
    expect(file).toEqual({
      path: 'a/S1 +.zip',
      bytes: 12,
      validator: etag,
      at: [
        { mirror: 'a', etag, lastModified: expect.stringContaining('GMT'), ranges: true },
        { mirror: 'c', ranges: true },
      ],
    });
    expect(warnings).toEqual([]);
  });

  test('one HEAD is enough where the server says everything', async () => {
    const server = await serve(files);
    await ask([mirror('a', server)]);
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD']);
  });

  test.each<[string, Fault, boolean]>([
    ['refuses HEAD', { times: 1, status: 405 }, true],
    ['refuses HEAD as forbidden', { times: 1, status: 403 }, true],
    ['knows no ranges', { noRanges: true }, false],
    ['compresses when asked with HEAD', { times: 1, gzip: true }, true],
    ['redirects', { redirect: true }, true],
    ['stumbles once', { times: 2, status: 503 }, true],
  ])('a server that %s', async (_, fault, ranges) => {
    const file = await ask([mirror('a', await serve(files, fault))]);
    expect(file).toMatchObject({ bytes: 12, at: [{ mirror: 'a', ranges }] });
  });

  test('an empty file has no ranges and is a file', async () => {
    expect(await ask([mirror('a', await serve({ 'a/S1 +.zip': '' }))])).toMatchObject({ bytes: 0 });
  });

  test('a mirror with another size is left out with a warning', async () => {
    const [a, b] = [await serve(files), await serve({ 'a/S1 +.zip': 'cut off' })];
    const warnings: string[] = [];
    const file = await ask([mirror('a', a), mirror('b', b)], warnings);
    expect(file.at.map((copy) => copy.mirror)).toEqual(['a']);
    expect(warnings).toEqual(['Mirror b is left out: its a/S1 +.zip has 7 bytes, not 12']);
  });

  test('a mirror that is away is left out with a warning', async () => {
    const [a, b] = [await serve(files), await serve(files)];
    const gone = mirror('gone', b);
    await b.close();
    const warnings: string[] = [];
    expect((await ask([gone, mirror('a', a)], warnings)).at.map((copy) => copy.mirror)).toEqual(['a']);
    expect(warnings).toEqual([
      expect.stringMatching(/^Mirror gone is left out: .*connection refused \(ECONNREFUSED\)$/),
    ]);
  });

  test('when no mirror has it, the error says what each of them said', async () => {
    const [a, b] = [await serve({}), await serve(files, { status: 403 })];
    await expect(ask([mirror('a', a)])).rejects.toMatchObject({
      code: 'SOURCE_MISSING',
      message: `No mirror gives a/S1 +.zip:\n  - ${a.url}a/S1%20%2B.zip answered 404 (Not Found)`,
    });
    await expect(ask([mirror('a', a), mirror('b', b)])).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    await b.close();
    await expect(ask([mirror('a', a), mirror('b', b)])).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });

  test('files on this host have their time for a version', async () => {
    await writeFile(join(folder(), 'x.zip'), 'abc');
    const disk = { name: 'disk', url: `file://${folder()}/` };
    const before = await probe([disk], 'x.zip');
    expect(before).toMatchObject({ bytes: 3, at: [{ mirror: 'disk', ranges: true }] });
    await writeFile(join(folder(), 'x.zip'), 'abd');
    expect((await probe([disk], 'x.zip')).validator).not.toBe(before.validator);
    await expect(probe([disk], 'y.zip')).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
    await expect(probe([disk], '.')).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
  });

  test('a stop rejects with its reason', async () => {
    const server = await serve(files, { delay: 10_000 });
    const reason = new Error('enough');
    const signal = AbortSignal.timeout(50);
    await expect(probe([mirror('a', server)], 'a/S1 +.zip', { signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await expect(probe([mirror('a', server)], 'x', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

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

describe('sourceVersions', () => {
  const file = (path: string, versions: Readonly<Record<string, string>>): SourceFile => ({
    path,
    bytes: 1,
    validator: Object.values(versions)[0]!,
    at: Object.entries(versions).map(([name, etag]) => ({ mirror: name, etag, ranges: true })),
  });

  test('one a mirror that has all the files; another mirror away or back changes none', () => {
    const all = sourceVersions([file('x', { a: '"1"', b: '"2"' }), file('y', { a: '"3"', b: '"4"' })]);
    expect(all).toHaveLength(2);
    expect(all.every((version) => /^[0-9a-f]{32}$/.test(version))).toBe(true);
    expect(sourceVersions([file('x', { b: '"2"' }), file('y', { b: '"4"' })])).toEqual([all[1]]);
    expect(sourceVersions([file('x', { a: '"1"', b: '"2"' }), file('y', { b: '"4"' })])).toEqual([all[1]]);
  });

  test('another ETag is another version', () => {
    expect(sourceVersions([file('x', { a: '"1"' })])).not.toEqual(sourceVersions([file('x', { a: '"2"' })]));
  });
});
