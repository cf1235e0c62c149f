import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  extractArchives,
  fetchFrames,
  fetchLooseFrames,
  listArchives,
  openExtractedFrames,
  openPackedFrames,
  openRemoteReader,
  probe,
  type FetchFramesOptions,
  type FramesFetch,
} from '../../../../lib/seasons';
import type { FolderServer } from '../../../../simulator/server/serveFolder';
import type { Fault } from '../../../../simulator/server/faults';
import { temporaryFolder } from '../../../support/folders';
import { Program } from '../support/process';
import { QUICK, mirror, servers } from '../support/served';
import { zip, type ZipPart } from '../support/zip';

const folder = temporaryFolder();
const hosts = servers();

const FRAMES = 200;
const FRAME_BYTES = 30_000;
const nameOf = (i: number): string => `S1/B0${i % 5}/S1_B0${i % 5}_PICT${String(i).padStart(4, '0')}.JPG`;
const bytesOf = (i: number): Buffer => Buffer.alloc(FRAME_BYTES, `frame number ${i}; `);
const range = (count: number, step = 1): number[] => Array.from({ length: count }, (_, i) => i * step);

describe('frames mode', () => {
  const source = (): string => join(folder(), 'source');
  const season = (): string => join(folder(), 'season');
  const picked = (): string => join(folder(), 'picked');
  let archive: Buffer;

  /** Publishes a season and its loose frames, lists it, and starts a server. */
  async function publish(part: Partial<ZipPart> = {}, ...faults: Fault[]): Promise<FolderServer> {
    archive = zip(range(FRAMES).map((i) => ({ name: nameOf(i), data: bytesOf(i), ...part })));
    await mkdir(source(), { recursive: true });
    await writeFile(join(source(), 'S1.zip'), archive);
    const server = await hosts.start({ directory: source() });
    const reader = openRemoteReader([mirror('a', server)], await probe([mirror('a', server)], 'S1.zip'));
    await listArchives({ archives: [reader], directory: season() });
    await reader.close();
    server.setFaults(faults);
    return server;
  }

  async function publishLoose(numbers: readonly number[]): Promise<void> {
    for (const i of numbers) {
      const path = join(source(), 'loose', nameOf(i));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytesOf(i));
    }
  }

  async function fetch(
    server: FolderServer,
    numbers: readonly number[],
    options: FetchFramesOptions = {},
    looseFrames?: string,
  ): Promise<FramesFetch> {
    const mirrors = [mirror('a', server)];
    const archives = [await probe(mirrors, 'S1.zip', { policy: QUICK })];
    const entries = join(season(), 'entries.csv');
    const wanted = numbers.map(nameOf);
    const request = { mirrors, archives, entries, wanted, directory: picked(), looseFrames };
    return await fetchFrames(request, { policy: QUICK, ...options });
  }

  async function expectFrames(numbers: readonly number[]): Promise<void> {
    const frames = await openPackedFrames(picked());
    for (const i of numbers) expect((await frames.read(nameOf(i))).equals(bytesOf(i))).toBe(true);
    await frames.close();
  }

  test('the directory alone crosses the wire to list a season', async () => {
    const server = await publish();
    const directoryBytes = archive.length - archive.indexOf('PK\u0001\u0002');
    expect(server.bytesSent()).toBeLessThan(directoryBytes + 70_000);
    expect((await readdir(season())).sort()).toEqual(['entries.csv', 'rejected.csv']);
  });

  test('only the wanted frames cross the wire, and 3 % more at most', async () => {
    const server = await publish();
    server.forget();
    const numbers = range(20, 10);
    const result = await fetch(server, numbers);
    await expectFrames(numbers);
    expect(result).toEqual({
      archive: expect.stringMatching(/^frames-[0-9a-f]{16}\.zip$/),
      entries: 20,
      frameBytes: 20 * FRAME_BYTES,
      rejected: 0,
      reused: 0,
      wireBytes: server.bytesSent('S1.zip'),
    });
    expect(result.wireBytes).toBeLessThan(1.03 * 20 * FRAME_BYTES);
  });

  test('neighbours are fetched with one request', async () => {
    const server = await publish();
    server.forget();
    const numbers = [...range(60), 150];
    await fetch(server, numbers);
    await expectFrames(numbers);
    expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(2);
  });

  test('the frames are those of the whole-archive way', async () => {
    const server = await publish({ deflate: true });
    await extractArchives({ archives: [join(source(), 'S1.zip')], directory: join(folder(), 'whole') });
    const numbers = range(40, 5);
    await fetch(server, numbers);
    const whole = await openExtractedFrames(join(folder(), 'whole'));
    const packed = await openPackedFrames(picked());
    for (const i of numbers) expect((await packed.read(nameOf(i))).equals(await whole.read(nameOf(i)))).toBe(true);
    await packed.close();
  });

  test('they lie in one zip whose bytes depend on nothing but the frames, and whose name tells which they are', async () => {
    const server = await publish();
    const zips: Buffer[] = [];
    for (const connections of [1, 8]) {
      await rm(picked(), { recursive: true, force: true });
      const { archive: name } = await fetch(server, range(20, 10), { connections });
      zips.push(await readFile(join(picked(), name)));
      const listed = (await readdir(picked())).filter((file) => !file.includes('.tmp'));
      expect(listed.sort()).toEqual(['entries.csv', name, 'rejected.csv']);
    }
    expect(zips[0]!.equals(zips[1]!)).toBe(true);
    expect(zips[0]!.length).toBeLessThan(1.01 * 20 * FRAME_BYTES);
    expect((await fetch(server, range(19, 10))).archive).not.toBe((await fetch(server, range(20, 10))).archive);
  });

  test('a wanted frame that the archives lack is an error before anything is fetched', async () => {
    const server = await publish();
    server.forget();
    await expect(fetch(server, [1, 900, 901, 902, 903])).rejects.toMatchObject({
      code: 'FRAME_MISSING',
      message: expect.stringMatching(/entries\.csv does not list "S1\/B00\/.*0900\.JPG", ".*", ".*", and 1 more$/),
    });
    expect(server.bytesSent()).toBe(0);
  });

  test('frames that are there are kept, damaged ones are not', async () => {
    const server = await publish();
    await fetch(server, range(20, 10));
    const [scratch] = (await readdir(picked())).filter((name) => name.includes('.tmp'));
    await writeFile(join(picked(), scratch!, nameOf(10)), Buffer.alloc(FRAME_BYTES));
    server.forget();
    const result = await fetch(server, range(40, 5));
    await expectFrames(range(40, 5));
    expect(result).toMatchObject({ entries: 40, reused: 19 });
    expect(result.wireBytes).toBeLessThan(1.03 * 21 * FRAME_BYTES);
  });

  test('a killed process costs only the requests under way', async () => {
    const server = await publish({}, { rate: 500_000 });
    const mirrors = [mirror('a', server)];
    const program = new Program('fetchProgram.ts', {
      mirrors,
      archives: [await probe(mirrors, 'S1.zip')],
      entries: join(season(), 'entries.csv'),
      wanted: range(100, 2).map(nameOf),
      directory: picked(),
    });
    await program.reaches(30 * FRAME_BYTES);
    await program.kill();
    server.setFaults([]);
    const result = await fetch(server, range(100, 2));
    await expectFrames(range(100, 2));
    expect(result.reused).toBeGreaterThanOrEqual(30);
  });

  test('a stop rejects with its reason', async () => {
    const server = await publish({}, { rate: 100_000 });
    const controller = new AbortController();
    const reason = new Error('enough');
    const options = { signal: controller.signal, onProgress: () => controller.abort(reason) };
    await expect(fetch(server, range(20, 10), options)).rejects.toBe(reason);
    expect(server.bytesSent()).toBeLessThan(19 * FRAME_BYTES);
  });

  test.each<[string, Fault]>([
    ['resets connections', { resetAfter: 10_000, times: 5 }],
    ['falls silent', { stallAfter: 10_000, times: 3 }],
    ['answers 503', { status: 503, after: 3, times: 2 }],
  ])('a server that %s', async (_, fault) => {
    const server = await publish({}, { path: 'S1.zip', ...fault });
    await fetch(server, range(20, 10));
    await expectFrames(range(20, 10));
  });

  test('bytes that go wrong on the way are fetched once more', async () => {
    const server = await publish({}, { path: 'S1.zip', after: 1, times: 2, flipByte: 100 });
    expect(await fetch(server, [0, 50])).toMatchObject({ entries: 2, rejected: 0 });
    await expectFrames([0, 50]);
  });

  test('a frame that is damaged in the archive comes from where it lies loose', async () => {
    const server = await publish({}, { path: 'S1.zip', flipByte: 100 });
    await publishLoose([0]);
    expect(await fetch(server, [0, 50], {}, 'loose')).toMatchObject({ entries: 2, rejected: 0 });
    await expectFrames([0, 50]);
  });

  test('a frame that is damaged everywhere is listed, the others are there', async () => {
    const server = await publish({}, { path: 'S1.zip', flipByte: 100 });
    expect(await fetch(server, [0, 50], {}, 'loose')).toMatchObject({ entries: 1, rejected: 1 });
    await expectFrames([50]);
    const [, row] = (await readFile(join(picked(), 'rejected.csv'), 'utf8')).split('\n');
    expect(row).toMatch(/^S1\/B00\/S1_B00_PICT0000\.JPG,"has CRC-32 .*",0,S1\.zip,ENTRY_CORRUPT$/);
  });

  test.each<[string, Fault]>([
    ['knows no ranges', { path: 'S1.zip', noRanges: true }],
    ['announces ranges and sends the whole file', { path: 'S1.zip', status200For206: true }],
  ])('from a server that %s the loose frames are fetched', async (_, fault) => {
    const server = await publish({}, fault);
    await publishLoose(range(20, 10));
    await fetch(server, range(20, 10), {}, 'loose');
    await expectFrames(range(20, 10));
    expect(server.bytesSent(/loose/)).toBe(20 * FRAME_BYTES);
  });

  test('without ranges and loose frames there is no way, and the error says so', async () => {
    const server = await publish({}, { path: 'S1.zip', noRanges: true });
    await expect(fetch(server, [0])).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: 'No mirror gives parts of S1.zip, and the catalog names no folder of loose frames for its season',
    });
  });

  test('an archive that was replaced meanwhile: SOURCE_CHANGED', async () => {
    const server = await publish({}, { path: 'S1.zip', after: 1, changeEtag: true });
    await expect(fetch(server, range(20, 10))).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  });

  describe('of a season without archives', () => {
    const request = (server: FolderServer, numbers: readonly number[]) => ({
      mirrors: [mirror('a', server)],
      folder: 'loose',
      wanted: numbers.map(nameOf),
      directory: picked(),
    });

    test('frames are fetched where they lie loose; those that are nowhere are listed', async () => {
      const server = await publish();
      await publishLoose([0, 1, 2]);
      const result = await fetchLooseFrames(request(server, [0, 1, 2, 3]), { policy: QUICK });
      expect(result).toMatchObject({ entries: 3, frameBytes: 3 * FRAME_BYTES, rejected: 1, reused: 0 });
      await expectFrames([0, 1, 2]);
      expect(await readFile(join(picked(), 'rejected.csv'), 'utf8')).toContain(
        `${nameOf(3)},is at no mirror,0,loose,FRAME_MISSING`,
      );
    });

    test('called again, it keeps what is there', async () => {
      const server = await publish();
      await publishLoose([0, 1, 2]);
      await fetchLooseFrames(request(server, [0, 1]), { policy: QUICK });
      server.forget();
      expect(await fetchLooseFrames(request(server, [0, 1, 2]), { policy: QUICK })).toMatchObject({
        entries: 3,
        reused: 2,
      });
      expect(server.bytesSent()).toBe(FRAME_BYTES);
    });

    test('a name that leads elsewhere is refused', async () => {
      const server = await publish();
      const hostile = { ...request(server, []), wanted: ['../../evil.JPG'] };
      await expect(fetchLooseFrames(hostile)).rejects.toMatchObject({
        code: 'ARCHIVE_HOSTILE',
        message: 'The frame "../../evil.JPG" leads out of the folder with ".."',
      });
    });
  });
});
