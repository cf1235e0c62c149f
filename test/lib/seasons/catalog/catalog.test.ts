import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadCatalog, loadLastingCatalog, urlAt, withAddresses } from '../../../../lib/seasons';
import { temporaryFolder } from '../../../support/folders';
import { servers } from '../support/served';

const folder = temporaryFolder();
const hosts = servers();

const CATALOG = {
  name: 'own',
  mirrors: [{ name: 'disk', url: './' }],
  classes: ['empty', 'zebra'],
  seasons: [{ id: 'S1', archives: ['S1.zip'], metadata: { format: 'coco-camera-traps', path: 'S1.json' } }],
};

async function write(value: unknown): Promise<string> {
  const path = join(folder(), 'catalog.json');
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

describe('loadCatalog', () => {
  test('a path: mirrors relative to the file come out absolute, defaults are filled in', async () => {
    const catalog = await loadCatalog(await write(CATALOG));
    expect(catalog.mirrors).toEqual([{ name: 'disk', url: pathToFileURL(`${folder()}/`).href }]);
    expect(catalog).toMatchObject({ name: 'own', emptyClass: 'empty', classMapping: {} });
  });

  test.each([
    ['./frames/', 'frames/'],
    ['../', '../'],
  ])('a mirror %s is a folder beside the file', async (url, relative) => {
    const catalog = await loadCatalog(await write({ ...CATALOG, mirrors: [{ name: 'disk', url }] }));
    expect(catalog.mirrors[0]?.url).toBe(new URL(relative, pathToFileURL(`${folder()}/`)).href);
  });

  test('an address: over HTTP, its mirrors relative to it', async () => {
    await write(CATALOG);
    const server = await hosts.start({ directory: folder() });
    const catalog = await loadCatalog(`${server.url}catalog.json`);
    expect(catalog.mirrors[0]?.url).toBe(server.url);
  });

  test('an address: it cannot name files of this machine', async () => {
    await write({ ...CATALOG, mirrors: [...CATALOG.mirrors, { name: 'passwords', url: 'file:///etc/' }] });
    const server = await hosts.start({ directory: folder() });
    await expect(loadCatalog(`${server.url}catalog.json`)).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringContaining('mirrors.1.url: file:///etc/ is a folder of this machine'),
    });
  });

  test('sample: where it is served', async () => {
    const path = await write(CATALOG);
    const catalog = await loadCatalog('sample', { sampleUrl: pathToFileURL(path).href });
    expect(catalog.name).toBe('own');
  });

  test('sample, kept: it follows to where it is served next', async () => {
    const path = await write({ ...CATALOG, mirrors: [{ name: 'local', url: './' }] });
    const kept = await loadLastingCatalog('sample', { sampleUrl: pathToFileURL(path).href });
    const moved = withAddresses(kept, 'http://127.0.0.1:40123/catalog.json');
    expect(urlAt(moved.mirrors[0]!, 'S1.zip')).toBe('http://127.0.0.1:40123/S1.zip');
    const unserved = withAddresses(kept, undefined);
    expect(() => urlAt(unserved.mirrors[0]!, 'S1.zip')).toThrow('The catalog "sample" is not served here');
  });

  test('sample, not served: the error says what serves it', async () => {
    await expect(loadCatalog('sample')).rejects.toMatchObject({
      code: 'CATALOG_UNREACHABLE',
      message: expect.stringContaining('`npm start` draws and serves it'),
    });
  });

  test('lila is built in: eleven seasons, three mirrors, the 54 classes of the competition', async () => {
    const catalog = await loadCatalog('lila');
    expect(catalog.seasons.map(({ id }) => id)).toEqual([
      'S1',
      'S2',
      'S3',
      'S4',
      'S5',
      'S6',
      'S7',
      'S8',
      'S9',
      'S10',
      'S11',
    ]);
    expect(catalog.mirrors).toHaveLength(3);
    expect(catalog.classes).toHaveLength(54);
    expect(catalog.classes).toEqual([...catalog.classes].sort());
    expect(catalog.classes[15]).toBe('empty');
    // LILA's 61 categories: the classes and those that have none.
    expect(Object.entries(catalog.classMapping).filter(([, target]) => target === null)).toHaveLength(7);
    expect(catalog.seasons[3]).toEqual({
      id: 'S4',
      archives: ['snapshotserengeti-v-2-0/SnapshotSerengeti_S04_v2_0.zip'],
      metadata: { format: 'coco-camera-traps', path: 'snapshotserengeti-v-2-0/SnapshotSerengetiS04.json.zip' },
      frames: 'snapshotserengeti-unzipped',
    });
  });

  test('every problem is listed at once, with its place', async () => {
    const path = await write({
      ...CATALOG,
      mirrors: [{ name: 'x', url: 'ftp://x/' }],
      seasons: [{ ...CATALOG.seasons[0], id: 'S 1', archives: ['../S1.zip'] }],
    });
    const failure = await loadCatalog(path).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'CATALOG_INVALID' });
    const { message } = failure as Error;
    expect(message).toContain(`${path} has 3 problems:`);
    expect(message).toContain('- mirrors.0.url: must start with https://');
    expect(message).toContain('- seasons.0.id: letters, digits');
    expect(message).toContain('- seasons.0.archives.0: must not contain "." or "..", got "../S1.zip"');
  });

  test('a class is one line: it becomes one of labels.txt', async () => {
    const path = await write({ ...CATALOG, classes: ['empty', 'zebra\nmare'] });
    await expect(loadCatalog(path)).rejects.toThrow(
      'classes.1: must not contain line breaks or other control characters, got "zebra\\nmare"',
    );
  });

  test('what is not JSON is named by line and column', async () => {
    const path = await write('{\n  "name": "own",\n  "mirrors": [}\n}');
    await expect(loadCatalog(path)).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringMatching(
        /catalog\.json, line 3, column 15: not JSON: expected a value or "\]", found "}"$/,
      ),
    });
  });

  test('what ends too early is named by its end', async () => {
    await expect(loadCatalog(await write('{\n  "name": "own"'))).rejects.toThrow(
      /line 2, column 16: not JSON: expected "," or "}", found the end$/,
    );
  });

  test('a file that is not there, a folder, a server without it: no retry brings it', async () => {
    const missing = { code: 'CATALOG_MISSING', retryable: false };
    await expect(loadCatalog(join(folder(), 'none.json'))).rejects.toMatchObject({
      ...missing,
      message: expect.stringContaining('none.json: no such file (ENOENT)'),
    });
    await mkdir(join(folder(), 'folder'));
    await expect(loadCatalog(join(folder(), 'folder'))).rejects.toMatchObject(missing);
    const server = await hosts.start({ directory: folder() });
    await expect(loadCatalog(`${server.url}none.json`)).rejects.toMatchObject({
      ...missing,
      message: expect.stringContaining('answered 404'),
    });
  });

  test('a server that is not there, or has trouble: CATALOG_UNREACHABLE, to be tried again', async () => {
    const unreachable = { code: 'CATALOG_UNREACHABLE', retryable: true };
    await write(CATALOG);
    const server = await hosts.start({ directory: folder(), faults: [{ status: 503 }] });
    await expect(loadCatalog(`${server.url}catalog.json`)).rejects.toMatchObject(unreachable);
    await server.close();
    await expect(loadCatalog(`${server.url}catalog.json`)).rejects.toMatchObject(unreachable);
  });

  test('an archive in place of a catalog is not read into memory', async () => {
    const path = await write('x'.repeat(17 << 20));
    const server = await hosts.start({ directory: folder() });
    await expect(loadCatalog(`${server.url}catalog.json`)).rejects.toThrow(/larger than .* bytes: not a catalog/);
    await expect(loadCatalog(path)).rejects.toThrow(/larger than .* bytes: not a catalog/);
  });
});
