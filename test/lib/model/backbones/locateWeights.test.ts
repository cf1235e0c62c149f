import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { backbones, locateWeights } from '../../../../lib/model/backbones';
import type { Backbone } from '../../../../lib/model/backbones';
import type { Progress } from '../../../../lib/contracts/progress';
import { temporaryFolder } from '../../../support/folders';

const CONTENT = Buffer.alloc(300_000, 'weights ');
const hash = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

describe('weights that are fetched on first use', () => {
  const folder = temporaryFolder();
  let server: Server;
  let requests: number;
  let answer: RequestListener;

  beforeEach(async () => {
    requests = 0;
    answer = (_request, response) => response.end(CONTENT);
    server = createServer((request, response) => {
      requests++;
      answer(request, response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  const published = (): Backbone => ({
    ...backbones['nasnet-mobile'],
    source: {
      file: 'network.h5',
      bytes: CONTENT.length,
      digest: { algorithm: 'md5', hex: hash('md5', CONTENT) },
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/network.h5`,
      licence: 'none',
    },
  });
  const locate = (work = {}) => locateWeights(published(), { cacheDir: folder() }, work);

  it('leave nothing behind when the server breaks off, and come whole the next time', async () => {
    const whole = answer;
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write(CONTENT.subarray(0, 1000), () => response.destroy());
    };
    await expect(locate()).rejects.toMatchObject({
      code: 'WEIGHTS_UNREACHABLE',
      retryable: true,
      message: expect.stringMatching(
        /^The weights of nasnet-mobile cannot be fetched: http:.*network\.h5: .+\. Where this host cannot be reached, bring the file and name it in `model\.weights`$/,
      ),
    });
    expect(await readdir(folder())).toEqual([]);

    answer = whole;
    expect(await readFile((await locate()).path)).toEqual(CONTENT);
  });

  it('say what the server answered', async () => {
    answer = (_request, response) => response.writeHead(403).end('no');
    await expect(locate()).rejects.toThrow(/cannot be fetched: http:.* answered 403 \(Forbidden\)\. Where/);
  });

  it('say that nobody answers', async () => {
    const backbone = published();
    server.closeAllConnections();
    await once(server.close(), 'close');
    await expect(locateWeights(backbone, { cacheDir: folder() })).rejects.toThrow(/ECONNREFUSED/);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  it('are refused when they are not the published ones, and not kept', async () => {
    answer = (_request, response) => response.end('<html>');
    await expect(locate()).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringMatching(
        /gave 6 bytes with the md5 [0-9a-f]{32}, expected 300000 bytes with [0-9a-f]{32}$/,
      ),
    });
    expect(await readdir(folder())).toEqual([]);
  });

  it('are fetched once, with progress, and then taken from the folder', async () => {
    const progress: Progress[] = [];
    const first = await locate({ onProgress: (step: Progress) => progress.push(step) });
    const second = await locate();
    expect(first).toEqual({ path: join(folder(), 'network.h5'), sha256: hash('sha256', CONTENT) });
    expect(second).toEqual(first);
    expect(requests).toBe(1);
    expect(progress.at(-1)).toMatchObject({ done: 300_000, total: 300_000, unit: 'bytes' });
  });

  it('are fetched anew when the kept file was damaged', async () => {
    await writeFile(join(folder(), 'network.h5'), 'damaged');
    expect(await readFile((await locate()).path)).toEqual(CONTENT);
  });

  it('may be fetched by several processes at the same time', async () => {
    const found = await Promise.all([locate(), locate(), locate()]);
    expect(new Set(found.map(({ sha256 }) => sha256))).toEqual(new Set([hash('sha256', CONTENT)]));
    expect(await readdir(folder())).toEqual(['network.h5']);
  });

  it('stop when the work is stopped, and leave nothing behind', async () => {
    answer = (_request, response) => void response.write(CONTENT.subarray(0, 1000));
    const stop = new AbortController();
    const reason = new Error('enough');
    const located = locate({ signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(located).rejects.toBe(reason);
    expect(await readdir(folder())).toEqual([]);
  });
});

describe('weights that are there already', () => {
  const folder = temporaryFolder();
  const home = process.env.SERENGETI_HOME;
  afterEach(() => {
    if (home === undefined) delete process.env.SERENGETI_HOME;
    else process.env.SERENGETI_HOME = home;
  });
  const backbone = backbones['efficientnet-lite0'];

  it('are a local file when one is named, whatever its digest', async () => {
    const file = join(folder(), 'mine.pth');
    await writeFile(file, 'mine');
    expect(await locateWeights(backbones['nasnet-mobile'], { file })).toEqual({
      path: file,
      sha256: hash('sha256', Buffer.from('mine')),
    });
  });

  it('are missed when the named file is not there', async () => {
    const file = join(folder(), 'none.pth');
    await expect(locateWeights(backbone, { file })).rejects.toMatchObject({
      code: 'WEIGHTS_INVALID',
      message: `There is no weights file of efficientnet-lite0 at ${file}`,
    });
  });

  it('are missed when set-up has not run', async () => {
    process.env.SERENGETI_HOME = folder();
    await expect(locateWeights(backbone)).rejects.toMatchObject({
      code: 'MODEL_RUNTIME_MISSING',
      repair: expect.stringContaining('npm run setup'),
    });
  });

  it('are refused when they are not what set-up brought', async () => {
    process.env.SERENGETI_HOME = folder();
    await mkdir(join(folder(), 'native', backbone.name), { recursive: true });
    await writeFile(join(folder(), 'native', backbone.name, backbone.source.file), 'other');
    await expect(locateWeights(backbone)).rejects.toMatchObject({
      code: 'WEIGHTS_INVALID',
      message: expect.stringMatching(
        /\.safetensors has the sha256 [0-9a-f]{64}, expected f9869acb59195119[0-9a-f]{48}$/,
      ),
    });
  });

  it('are those of set-up otherwise, named by the digest of the published file', async () => {
    const { path, sha256 } = await locateWeights(backbone);
    expect(path).toContain(join('native', 'efficientnet-lite0'));
    expect(sha256).toBe('579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db');
  });
});
