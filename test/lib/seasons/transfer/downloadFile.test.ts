import fs, { mkdir, readFile, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mirror } from '../../../../lib/contracts/catalog';
import type { Progress } from '../../../../lib/contracts/progress';
import { downloadFile } from '../../../../lib/seasons/transfer/downloadFile';
import { BLOCK_BYTES } from '../../../../lib/seasons/transfer/partialFile';
import type { TransferOptions, Transferred } from '../../../../lib/seasons/transfer/transfer';
import { probe } from '../../../../lib/seasons/mirrors/probe';
import type { FolderServer, ServedRequest } from '../../../../simulator/server/serveFolder';
import type { Fault } from '../../../../simulator/server/faults';
import { temporaryFolder } from '../../../support/folders';
import { Program } from '../support/process';
import { QUICK, bareServers, mirror, randomFile, servers } from '../support/served';

const folder = temporaryFolder();
const hosts = servers();
const bareServer = bareServers();
const MEGABYTE = 1 << 20;
const HOUR_MS = 3_600_000;

describe('downloadFile', () => {
  let source = '';
  let target = '';
  let data: Buffer;

  beforeEach(async () => {
    source = join(folder(), 'source');
    target = join(folder(), 'store', 'season.zip');
    data = await randomFile(source, 'season.zip', 20 * MEGABYTE + 12_345);
  });

  const serve = (...faults: Fault[]): Promise<FolderServer> => hosts.start({ directory: source, faults });

  /** Probes and downloads, quickly impatient. */
  async function download(mirrors: readonly Mirror[], options: TransferOptions = {}): Promise<Transferred> {
    const file = await probe(mirrors, 'season.zip', { policy: QUICK });
    return await downloadFile({ mirrors, file, target }, { policy: QUICK, ...options });
  }

  /** Makes what lies in the store look so much older. */
  async function age(ms: number): Promise<void> {
    const then = new Date(Date.now() - ms);
    for (const name of await readdir(join(folder(), 'store'))) await utimes(join(folder(), 'store', name), then, then);
  }

  async function expectWhole(): Promise<void> {
    expect((await readFile(target)).equals(data)).toBe(true);
    expect(await readdir(join(folder(), 'store'))).toEqual(['season.zip']);
  }

  test('a server that sends in chunks, without the length, is downloaded from', async () => {
    const url = await bareServer((_, response) => {
      response.write(data.subarray(0, 1000));
      response.end(data.subarray(1000));
    });
    const shares: number[] = [];
    const onProgress = ({ done, total = NaN }: Progress) => shares.push(done / total);
    expect(await download([{ name: 'a', url }], { onProgress })).toMatchObject({ bytes: data.length });
    await expectWhole();
    expect(Math.max(...shares)).toBe(1);
  });

  describe('from mirrors in good order', () => {
    test('fetches stretches from all of them, each byte once', async () => {
      const [a, b] = [await serve(), await serve()];
      const result = await download([mirror('a', a), mirror('b', b)]);
      await expectWhole();
      expect(result).toEqual({ bytes: data.length, fetchedBytes: data.length, reusedBytes: 0 });
      expect(a.bytesSent()).toBeGreaterThan(0);
      expect(b.bytesSent()).toBeGreaterThan(0);
      expect(a.bytesSent() + b.bytesSent()).toBe(data.length);
    });

    test('tells bytes, total and mirror', async () => {
      const progress: Progress[] = [];
      await download([mirror('a', await serve())], { onProgress: (latest) => progress.push(latest) });
      expect(progress.at(-1)).toEqual({ done: data.length, total: data.length, unit: 'bytes', reused: 0, note: 'a' });
    });

    test('leaves a finished file as it is and asks nobody', async () => {
      const server = await serve();
      await download([mirror('a', server)]);
      const before = await stat(target);
      server.forget();
      const file = await probe([mirror('a', server)], 'season.zip');
      server.forget();
      const result = await downloadFile({ mirrors: [mirror('a', server)], file, target });
      expect(result).toEqual({ bytes: data.length, fetchedBytes: 0, reusedBytes: data.length });
      expect(server.requests).toHaveLength(0);
      expect((await stat(target)).ino).toBe(before.ino);
    });

    test.each([0, 1, BLOCK_BYTES, BLOCK_BYTES + 1])('fetches a file of %i bytes', async (bytes) => {
      data = await randomFile(source, 'season.zip', bytes);
      await download([mirror('a', await serve())]);
      await expectWhole();
    });

    test('copies from a file:// mirror', async () => {
      await download([{ name: 'disk', url: `file://${source}/` }]);
      await expectWhole();
    });

    test('keeps to a bandwidth limit', async () => {
      data = await randomFile(source, 'season.zip', 2 * MEGABYTE);
      const started = performance.now();
      await download([mirror('a', await serve())], { bytesPerSecond: 4 * MEGABYTE });
      expect(performance.now() - started).toBeGreaterThan(400);
      await expectWhole();
    });

    test('uses more connections than at first where a server limits each', async () => {
      data = await randomFile(source, 'season.zip', 60 * MEGABYTE);
      const server = await serve({ rate: 2 * MEGABYTE });
      let most = 0;
      const onProgress = () => (most = Math.max(most, server.requests.filter(isBeingAnswered).length));
      await download([mirror('a', server)], { connections: 8, onProgress });
      await expectWhole();
      expect(most).toBeGreaterThan(2);
    });

    test('two downloads of the same file at once do not disturb each other', async () => {
      const mirrors = [mirror('a', await serve())];
      await Promise.all([download(mirrors), download(mirrors), download(mirrors, { connections: 2 })]);
      await expectWhole();
    });

    test('nor do those that begin and end at the same moments', async () => {
      data = await randomFile(source, 'season.zip', BLOCK_BYTES + 1);
      const mirrors: Mirror[] = [{ name: 'disk', url: `file://${source}/` }];
      const file = await probe(mirrors, 'season.zip');
      for (let round = 0; round < 40; round++) {
        await rm(target, { force: true });
        await Promise.all([1, 2, 3, 4].map(() => downloadFile({ mirrors, file, target })));
        await expectWhole();
      }
    });
  });

  describe('stopped and called again', () => {
    test('a stop rejects with its reason and leaves no file, and the next call goes on', async () => {
      const server = await serve({ rate: 4 * MEGABYTE });
      const controller = new AbortController();
      const reason = new Error('enough');
      const options: TransferOptions = {
        connections: 4,
        signal: controller.signal,
        onProgress: ({ done }) => done > 18 * MEGABYTE && controller.abort(reason),
      };
      await expect(download([mirror('a', server)], options)).rejects.toBe(reason);
      await expect(stat(target)).rejects.toThrow('ENOENT');
      server.setFaults([]);
      server.forget();
      const { fetchedBytes, reusedBytes } = await download([mirror('a', server)]);
      await expectWhole();
      expect(reusedBytes).toBeGreaterThan(0);
      expect(fetchedBytes).toBe(data.length - reusedBytes);
      expect(server.bytesSent()).toBe(fetchedBytes);
    });

    test('a killed process costs at most one segment a connection, also when the next one comes hours later', async () => {
      data = await randomFile(source, 'season.zip', 48 * MEGABYTE);
      const connections = 2;
      const server = await serve({ rate: 40 * MEGABYTE });
      const program = new Program('downloadProgram.ts', {
        mirrors: [mirror('a', server)],
        path: 'season.zip',
        target,
        connections,
      });
      await program.reaches(36 * MEGABYTE);
      await program.kill();
      await expect(stat(target)).rejects.toThrow('ENOENT');
      await age(5 * HOUR_MS);
      server.setFaults([]);
      await download([mirror('a', server)]);
      await expectWhole();
      const twice = server.bytesSent() - data.length;
      // Of each connection the block under way and the one not yet noted down, and what the dead process had buffered.
      expect(twice).toBeLessThan(connections * (2 * BLOCK_BYTES + 2 * MEGABYTE));
    });

    test('another process may work on the same file, also while this one does', async () => {
      const server = await serve({ rate: 20 * MEGABYTE });
      const program = new Program('downloadProgram.ts', {
        mirrors: [mirror('a', server)],
        path: 'season.zip',
        target,
        connections: 2,
      });
      await program.reaches(MEGABYTE);
      await download([mirror('a', server)]);
      expect(await program.end()).toBe(0);
      await expectWhole();
    });
  });

  describe('from an upstream that changes', () => {
    test('what was begun of the old file is removed with a plain message', async () => {
      const server = await serve({ rate: 4 * MEGABYTE });
      const controller = new AbortController();
      const onProgress = ({ done }: Progress): unknown => done > 10 * MEGABYTE && controller.abort();
      await expect(download([mirror('a', server)], { signal: controller.signal, onProgress })).rejects.toThrow();
      data = await randomFile(source, 'season.zip', data.length);
      server.setFaults([]);
      const warnings: string[] = [];
      const result = await download([mirror('a', server)], { onWarning: ({ message }) => warnings.push(message) });
      await expectWhole();
      expect(result.reusedBytes).toBe(0);
      expect(warnings).toEqual(['season.zip was replaced at its source: what was fetched of the old one is removed']);
    });

    test('a change in the middle fails with SOURCE_CHANGED instead of mixing two files', async () => {
      const server = await serve({ path: 'season.zip', after: 3, changeEtag: true });
      await expect(download([mirror('a', server)], { connections: 1 })).rejects.toMatchObject({
        code: 'SOURCE_CHANGED',
        message: expect.stringMatching(/is another file than when the download began: it was 20983865 bytes, "/),
      });
      await expect(stat(target)).rejects.toThrow('ENOENT');
    });

    test('a mirror that changes is left, the others go on', async () => {
      const [a, b] = [await serve({ after: 2, changeEtag: true }), await serve()];
      const warnings: string[] = [];
      await download([mirror('a', a), mirror('b', b)], { onWarning: ({ message }) => warnings.push(message) });
      await expectWhole();
      expect(warnings).toEqual([expect.stringMatching(/^Mirror a is left out: .*another file.* Going on with b\.$/)]);
    });
  });

  describe('from servers that fail', () => {
    test.each<[string, Fault]>([
      ['resets the connection', { resetAfter: 3 * MEGABYTE, times: 4 }],
      ['ends the connection early', { endAfter: 3 * MEGABYTE, times: 4 }],
      ['falls silent', { stallAfter: MEGABYTE, times: 2 }],
      ['answers 500', { path: 'season.zip', after: 1, times: 2, status: 500 }],
      ['answers 429', { path: 'season.zip', after: 1, times: 2, status: 429 }],
      ['redirects', { redirect: true }],
      ['has weak ETags', { weakEtag: true }],
      ['has no ETags', { noValidators: true }],
      ['knows no ranges', { noRanges: true }],
      ['announces ranges and sends the whole file', { status200For206: true }],
      ['knows no ranges and resets the connection', { noRanges: true, after: 2, times: 1, resetAfter: 9 * MEGABYTE }],
    ])('%s: the file comes all the same', async (_, fault) => {
      await download([mirror('a', await serve(fault))]);
      await expectWhole();
    });

    test.each<[string, Fault]>([
      ['a wrong Content-Range', { wrongContentRange: true }],
      ['a short range', { shortBody: 100 }],
      ['a compressed body', { gzip: true }],
      ['404', { status: 404 }],
      ['403', { status: 403 }],
      ['500 all the time', { status: 500 }],
      ['silence all the time', { stallAfter: 0 }],
    ])('%s of one mirror: the other one gives the file', async (_, fault) => {
      const [bad, good] = [await serve({ after: 1, ...fault }), await serve()];
      await download([mirror('bad', bad), mirror('good', good)]);
      await expectWhole();
    });

    test.each<[string, Fault, string, RegExp]>([
      [
        'a wrong Content-Range',
        { wrongContentRange: true },
        'SOURCE_CORRUPT',
        /was asked for bytes 0-8388607 and sent bytes 1-8388608/,
      ],
      ['a short range', { shortBody: 100 }, 'SOURCE_UNREACHABLE', /sent 0 of 100 bytes/],
      ['a compressed body', { gzip: true }, 'SOURCE_CORRUPT', /sent the file compressed \(gzip\)/],
      ['404', { status: 404 }, 'SOURCE_MISSING', /answered 404 \(Not Found\)/],
      ['403', { status: 403 }, 'SOURCE_FORBIDDEN', /answered 403 \(Forbidden\)/],
      ['503 all the time', { status: 503 }, 'SOURCE_UNREACHABLE', /answered 503 \(Service Unavailable\)/],
      ['silence all the time', { stallAfter: 0 }, 'SOURCE_UNREACHABLE', /the transfer stalled/],
    ])('%s of the only mirror: the error says so', async (_, fault, code, message) => {
      const server = await serve({ after: 1, ...fault });
      const failure = download([mirror('only', server)], { connections: 1 });
      await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      await expect(failure).rejects.toThrow(`${server.url}season.zip`);
    });

    test('a server that is gone: SOURCE_UNREACHABLE, and what came is kept', async () => {
      const server = await serve({ rate: 8 * MEGABYTE });
      const closing = download([mirror('a', server)], {
        onProgress: ({ done }) => void (done > 16 * MEGABYTE && server.close()),
        connections: 2,
      });
      await expect(closing).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
      const { reusedBytes } = await download([mirror('a', await serve())]);
      expect(reusedBytes).toBeGreaterThan(8 * MEGABYTE);
      await expectWhole();
    });

    test('Retry-After is waited for', async () => {
      const server = await serve({ after: 1, times: 1, status: 503, retryAfter: 1 });
      const notes: string[] = [];
      const started = performance.now();
      await download([mirror('a', server)], { connections: 1, onProgress: ({ note = '' }) => notes.push(note) });
      expect(performance.now() - started).toBeGreaterThan(950);
      expect(notes).toContainEqual(expect.stringMatching(/^waiting 1 s: .* answered 503/));
      await expectWhole();
    });

    test('a mirror far slower than the others gives its part up', async () => {
      data = await randomFile(source, 'season.zip', 32 * MEGABYTE);
      const [slow, fast] = [await serve({ rate: 64 << 10 }), await serve({ rate: 8 * MEGABYTE })];
      await download([mirror('slow', slow), mirror('fast', fast)], { connections: 4 });
      await expectWhole();
      // A single block is 4 MB.
      expect(slow.bytesSent()).toBeLessThan(2 * MEGABYTE);
    });

    test('a server that redirects in circles is left', async () => {
      const server = await serve({ after: 1, redirect: '/season.zip' });
      await expect(download([mirror('a', server)])).rejects.toThrow(/redirects more than 5 times/);
    });
  });

  describe('onto a disk without room', () => {
    afterEach(() => jest.restoreAllMocks());

    test('a file larger than the disk is refused before a byte is fetched', async () => {
      await truncate(join(source, 'season.zip'), 8 * 2 ** 40);
      const server = await serve();
      await expect(download([mirror('a', server)])).rejects.toMatchObject({
        code: 'DISK_FULL',
        message: expect.stringMatching(/season\.zip needs 8,796,094 MB more and its disk has [\d,]+ MB left/),
      });
      expect(server.bytesSent()).toBe(0);
    });

    test('a disk that fills up on the way stops the download, and freed it goes on', async () => {
      data = await randomFile(source, 'season.zip', 60 * MEGABYTE);
      const server = await serve();
      const free = await fs.statfs(folder());
      const full = jest
        .spyOn(fs, 'statfs')
        .mockResolvedValueOnce(free)
        .mockResolvedValue({ ...free, bavail: 10 });
      await expect(download([mirror('a', server)])).rejects.toMatchObject({ code: 'DISK_FULL' });
      full.mockRestore();
      const { reusedBytes } = await download([mirror('a', server)]);
      expect(reusedBytes).toBeGreaterThan(16 * MEGABYTE);
      await expectWhole();
    });
  });

  test('a journal with garbage at its end costs a few blocks only', async () => {
    const server = await serve({ rate: 8 * MEGABYTE });
    const controller = new AbortController();
    const onProgress = ({ done }: Progress): unknown => done > 18 * MEGABYTE && controller.abort();
    await expect(download([mirror('a', server)], { signal: controller.signal, onProgress })).rejects.toThrow();
    const names = await readdir(join(folder(), 'store'));
    const journal = join(
      folder(),
      'store',
      names.find((name) => name.endsWith('.journal'))!,
    );
    await writeFile(journal, `${await readFile(journal, 'utf8')}\n+0:\0\0\0+9`);
    server.setFaults([]);
    expect((await download([mirror('a', server)])).reusedBytes).toBeGreaterThan(0);
    await expectWhole();
  });

  test('a partial file without its journal is fetched anew', async () => {
    await mkdir(join(folder(), 'store'), { recursive: true });
    await writeFile(`${target}.tmp-part-0123456789ab`, 'rubbish');
    await download([mirror('a', await serve())]);
    await expectWhole();
  });
});

/** Some of its bytes are sent, and some are not. */
function isBeingAnswered({ range, bytes }: ServedRequest): boolean {
  const [first, last] =
    /(\d+)-(\d+)/
      .exec(range ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  return bytes > 0 && bytes < last! - first! + 1;
}
