import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Mirror } from '../../../../lib/contracts/catalog';
import { probe, type SourceFile } from '../../../../lib/seasons';
import type { FolderServer } from '../../../../simulator/server/serveFolder';
import type { Fault } from '../../../../simulator/server/faults';
import { temporaryFolder } from '../../../support/folders';
import { QUICK, bareServers, mirror, servers } from '../support/served';

const folder = temporaryFolder();
const hosts = servers();
const bareServer = bareServers();

const serve = (files: Readonly<Record<string, string>>, ...faults: Fault[]): Promise<FolderServer> =>
  hosts.startWith(folder(), files, faults);

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

  describe('a server that', () => {
    test.each<[string, RequestListener]>([
      [
        'sends in chunks',
        (_, response) => {
          response.write('twelve ');
          response.end('bytes');
        },
      ],
      [
        'says nothing about the length and closes',
        (_, response) => {
          response.useChunkedEncodingByDefault = false;
          response.shouldKeepAlive = false;
          response.write('twelve ');
          response.end('bytes');
        },
      ],
    ])('%s: the file is measured', async (_, listener) => {
      const warnings: string[] = [];
      const url = await bareServer(listener);
      expect(await ask([{ name: 'a', url }], warnings)).toMatchObject({
        bytes: 12,
        at: [{ mirror: 'a', ranges: false }],
      });
      expect(warnings).toEqual([`${url}a/S1%20%2B.zip comes without its length: it is read once to measure it`]);
    });

    test('sends a page instead of the file is told so at once', async () => {
      const page: RequestListener = (_, response) =>
        void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>');
      const url = await bareServer(page);
      await expect(ask([{ name: 'a', url }])).rejects.toMatchObject({
        code: 'SOURCE_FORBIDDEN',
        message: expect.stringContaining(`${url}a/S1%20%2B.zip is a web page, not the file`),
      });
    });

    test('forbids with 409, as Azure does, is shown with its reason', async () => {
      const azure: RequestListener = (_, response) =>
        void response.writeHead(409, { 'x-ms-error-code': 'PublicAccessNotPermitted' }).end('<?xml version="1.0"?>');
      await expect(ask([{ name: 'a', url: await bareServer(azure) }])).rejects.toMatchObject({
        code: 'SOURCE_FORBIDDEN',
        message: expect.stringContaining('answered 409 (Conflict: PublicAccessNotPermitted)'),
      });
    });

    test('wants a signature gets it behind the path, and no message has it', async () => {
      const asked: (string | undefined)[] = [];
      const signed: RequestListener = (request, response) => {
        asked.push(request.url);
        response.writeHead(403).end();
      };
      const url = `${await bareServer(signed)}?sv=1&sig=secret%3D`;
      const failure = await ask([{ name: 'a', url }]).catch((error: unknown) => error);
      expect(asked).toContain('/a/S1%20%2B.zip?sv=1&sig=secret%3D');
      expect(failure).toMatchObject({ code: 'SOURCE_FORBIDDEN' });
      expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('secret');
    });

    test('redirects to a signed address that fails does not get it into a message', async () => {
      const listener: RequestListener = (request, response) => {
        if (request.url?.includes('secret') === true) response.destroy();
        else response.writeHead(302, { location: '/x?sig=secret' }).end();
      };
      const failure = await ask([{ name: 'a', url: await bareServer(listener) }]).catch((error: unknown) => error);
      expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('secret');
    });
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
