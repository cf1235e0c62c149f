import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { serveFolder, type Fault, type FolderServer } from '../../../simulator';
import { until } from '../../support/waiting';

const CONTENT = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) >> 3));

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** How the connection ended before the body was whole; `undefined` where it did not. */
  readonly failure: string | undefined;
}

let directory: string;
let server: FolderServer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'serve-'));
  await mkdir(join(directory, 'site/season'), { recursive: true });
  await writeFile(join(directory, 'site/season/frames.zip'), CONTENT);
  await writeFile(join(directory, 'site/empty.json'), '');
  await writeFile(join(directory, 'site/half.zip.tmp-1-ab'), 'unfinished');
  await writeFile(join(directory, 'secret.txt'), 'outside');
  await symlink(join(directory, 'secret.txt'), join(directory, 'site/link.txt'));
  server = await serveFolder({ directory: join(directory, 'site') });
});

afterEach(() => {
  server.setFaults([]);
  server.forget();
});

afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

/** A client that hides nothing: no redirects, no decompression, no retries. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', at = server): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port: at.port, path, method, headers, agent: false });
    // A broken connection is an error of the request too, also after the response has begun.
    let fail = (error: NodeJS.ErrnoException): void => reject(error);
    outgoing.on('error', (error) => fail(error));
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      const reply = (failure?: string): void =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks), failure });
      fail = (error) => reply(error.code ?? error.message);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => reply());
      response.on('error', (error) => fail(error));
    });
    outgoing.end();
  });
}

const FILE = '/season/frames.zip';
const withFault = (fault: Fault, headers: Record<string, string> = {}): Promise<Reply> => {
  server.setFaults([fault]);
  return ask(FILE, headers);
};
const range = (value: string): Record<string, string> => ({ range: `bytes=${value}` });

describe('outside the folder', () => {
  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/season/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/link.txt',
    '/half.zip.tmp-1-ab',
    '/season',
    '/season/frames.zip/',
    '/nothing.zip',
    '/%zz',
    '/a%00b',
  ])('%s is not there', async (path) => {
    const reply = await ask(path);
    expect(reply.status).toBe(404);
    expect(reply.body.toString()).not.toContain('outside');
  });

  test('a request that is no HTTP path of ours is answered, not served', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET ../secret.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 40[04]/);
  });
});

describe('ranges', () => {
  test('the whole file, with what a client needs to ask for parts', async () => {
    const { status, headers, body } = await ask(FILE);
    expect(status).toBe(200);
    expect(body.equals(CONTENT)).toBe(true);
    expect(headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': '100000',
      'content-type': 'application/zip',
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as string,
      'last-modified': expect.stringMatching(/GMT$/) as string,
    });
  });

  test.each([
    ['10-19', 10, 19],
    ['99990-', 99_990, 99_999],
    ['-5', 99_995, 99_999],
    ['99990-200000', 99_990, 99_999],
    ['-200000', 0, 99_999],
    ['0-0', 0, 0],
  ])('bytes=%s', async (asked, first, last) => {
    const { status, headers, body } = await ask(FILE, range(asked));
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(`bytes ${first}-${last}/100000`);
    expect(headers['content-length']).toBe(String(last - first + 1));
    expect(body.equals(CONTENT.subarray(first, last + 1))).toBe(true);
  });

  test.each(['100000-', '200000-300000', '-0'])('bytes=%s asks for nothing of the file', async (asked) => {
    const { status, headers, body } = await ask(FILE, range(asked));
    expect(status).toBe(416);
    expect(headers['content-range']).toBe('bytes */100000');
    expect(body).toHaveLength(0);
  });

  test.each(['bytes=9-3', 'bytes=-', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,5-6'])('%s is ignored', async (header) => {
    expect((await ask(FILE, { range: header })).status).toBe(200);
  });

  test('an empty file has no ranges', async () => {
    expect((await ask('/empty.json')).status).toBe(200);
    expect((await ask('/empty.json', range('0-'))).status).toBe(416);
  });

  test('HEAD has the headers of the whole file and no body', async () => {
    const { status, headers, body } = await ask(FILE, range('0-9'), 'HEAD');
    expect(status).toBe(200);
    expect(headers['content-length']).toBe('100000');
    expect(body).toHaveLength(0);
    expect(server.bytesSent()).toBe(0);
  });

  test('other methods are refused', async () => {
    const { status, headers } = await ask(FILE, {}, 'POST');
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
  });
});

describe('versions', () => {
  test('If-Range lets the range stand for the same version only', async () => {
    const { headers } = await ask(FILE, {}, 'HEAD');
    const same = { ...range('0-9'), 'if-range': headers.etag! };
    expect((await ask(FILE, same)).status).toBe(206);
    expect((await ask(FILE, { ...range('0-9'), 'if-range': headers['last-modified']! })).status).toBe(206);
    expect((await ask(FILE, { ...range('0-9'), 'if-range': '"another"' })).status).toBe(200);
    expect((await ask(FILE, { ...range('0-9'), 'if-range': `W/${headers.etag}` })).status).toBe(200);
  });

  test('If-None-Match and If-Modified-Since answer 304 without a body', async () => {
    const { headers } = await ask(FILE, {}, 'HEAD');
    const unchanged = await ask(FILE, { 'if-none-match': `"x", ${headers.etag}` });
    expect(unchanged.status).toBe(304);
    expect(unchanged.body).toHaveLength(0);
    expect(unchanged.headers.etag).toBe(headers.etag);
    expect((await ask(FILE, { 'if-none-match': '"x"' })).status).toBe(200);
    expect((await ask(FILE, { 'if-modified-since': headers['last-modified']! })).status).toBe(304);
  });

  test('the ETag follows the content: the same after a restart and a new date, another for other bytes', async () => {
    const before = (await ask(FILE, {}, 'HEAD')).headers.etag;
    const path = join(directory, 'site', FILE);
    await utimes(path, new Date(2020, 1, 1), new Date(2020, 1, 1));
    const restarted = await serveFolder({ directory: join(directory, 'site') });
    expect((await ask(FILE, {}, 'HEAD', restarted)).headers.etag).toBe(before);
    await writeFile(path, Buffer.concat([CONTENT, Buffer.from('x')]));
    expect((await ask(FILE, {}, 'HEAD', restarted)).headers.etag).not.toBe(before);
    await writeFile(path, CONTENT);
    await restarted.close();
  });
});

describe('counts', () => {
  test('every request is remembered with the bytes it got', async () => {
    await ask(FILE, range('0-99'));
    await ask(`${FILE}?version=2`, range('100-299'));
    await ask('/nothing.zip');
    expect(server.requests).toEqual([
      { method: 'GET', path: FILE, range: 'bytes=0-99', status: 206, bytes: 100 },
      { method: 'GET', path: FILE, range: 'bytes=100-299', status: 206, bytes: 200 },
      { method: 'GET', path: '/nothing.zip', range: undefined, status: 404, bytes: 0 },
    ]);
    expect(server.bytesSent('frames.zip')).toBe(300);
    expect(server.bytesSent(/\.csv$/)).toBe(0);
  });
});

describe('faults', () => {
  test('rate: no faster than that', async () => {
    const begin = Date.now();
    const { body } = await withFault({ rate: 200_000 });
    expect(body.equals(CONTENT)).toBe(true);
    expect(Date.now() - begin).toBeGreaterThan(400);
  });

  test('delay: the answer comes late', async () => {
    const begin = Date.now();
    await withFault({ delay: 120 }, range('0-0'));
    expect(Date.now() - begin).toBeGreaterThanOrEqual(115);
  });

  test('noRanges: the whole file, and no word of ranges', async () => {
    const { status, headers, body } = await withFault({ noRanges: true }, range('0-9'));
    expect(status).toBe(200);
    expect(headers['accept-ranges']).toBeUndefined();
    expect(body).toHaveLength(100_000);
  });

  test('status200For206: announced ranges, the whole file all the same', async () => {
    const { status, headers, body } = await withFault({ status200For206: true }, range('0-9'));
    expect(status).toBe(200);
    expect(headers['accept-ranges']).toBe('bytes');
    expect(body).toHaveLength(100_000);
  });

  test('wrongContentRange: says other bytes than it sends', async () => {
    const { status, headers, body } = await withFault({ wrongContentRange: true }, range('10-19'));
    expect(status).toBe(206);
    expect(headers['content-range']).toBe('bytes 11-20/100000');
    expect(body.equals(CONTENT.subarray(10, 20))).toBe(true);
  });

  test('shortBody: fewer bytes than the range, in good order', async () => {
    const { status, headers, body, failure } = await withFault({ shortBody: 4 }, range('10-19'));
    expect(status).toBe(206);
    expect(headers['content-range']).toBe('bytes 10-19/100000');
    expect(headers['content-length']).toBe('6');
    expect(body.equals(CONTENT.subarray(10, 16))).toBe(true);
    expect(failure).toBeUndefined();
  });

  test('gzip: compressed although nobody asked', async () => {
    const { status, headers, body } = await withFault({ gzip: true }, range('0-9'));
    expect(status).toBe(200);
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers['content-length']).toBeUndefined();
    expect(gunzipSync(body).equals(CONTENT)).toBe(true);
  });

  test('redirect: elsewhere, or to the same path once more', async () => {
    const away = await withFault({ redirect: 'http://127.0.0.1:9/other.zip' });
    expect(away.status).toBe(302);
    expect(away.headers.location).toBe('http://127.0.0.1:9/other.zip');
    const moved = await withFault({ redirect: true });
    expect(moved.headers.location).toBe(`${FILE}?moved`);
    expect((await ask(moved.headers.location!)).body.equals(CONTENT)).toBe(true);
  });

  test('resetAfter: the connection breaks after so many bytes', async () => {
    const { status, body, failure } = await withFault({ resetAfter: 5000 });
    expect(status).toBe(200);
    expect(body.equals(CONTENT.subarray(0, 5000))).toBe(true);
    expect(failure).toBe('ECONNRESET');
  });

  test('endAfter: the connection ends early', async () => {
    const { headers, body, failure } = await withFault({ endAfter: 5000 });
    expect(headers['content-length']).toBe('100000');
    expect(body.equals(CONTENT.subarray(0, 5000))).toBe(true);
    expect(failure).toBeDefined();
  });

  test('stallAfter: so many bytes, then silence until the server closes', async () => {
    const stalling = await serveFolder({ directory: join(directory, 'site'), faults: [{ stallAfter: 3000 }] });
    let ended = false;
    const reply = ask(FILE, {}, 'GET', stalling).finally(() => (ended = true));
    await until(() => stalling.bytesSent() === 3000);
    expect(ended).toBe(false);
    await stalling.close();
    expect((await reply).body).toHaveLength(3000);
  });

  test('status: with Retry-After, so many times', async () => {
    server.setFaults([{ status: 503, retryAfter: 2, times: 2 }]);
    const first = await ask(FILE);
    expect(first.status).toBe(503);
    expect(first.headers['retry-after']).toBe('2');
    expect((await ask(FILE)).status).toBe(503);
    expect((await ask(FILE)).status).toBe(200);
  });

  test('changeEtag: after some requests the file is another version', async () => {
    server.setFaults([{ changeEtag: true, after: 1 }]);
    const before = await ask(FILE, {}, 'HEAD');
    const after = await ask(FILE, { ...range('0-9'), 'if-range': before.headers.etag! });
    expect(after.status).toBe(200);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect(after.headers['last-modified']).not.toBe(before.headers['last-modified']);
  });

  test('noValidators and weakEtag: nothing, or nothing firm, to hold on to', async () => {
    const none = await withFault({ noValidators: true }, { ...range('0-9'), 'if-range': '"x"' });
    expect(none.status).toBe(200);
    expect(none.headers.etag).toBeUndefined();
    expect(none.headers['last-modified']).toBeUndefined();
    const weak = await withFault({ weakEtag: true });
    expect(weak.headers.etag).toMatch(/^W\/"/);
    expect((await ask(FILE, { ...range('0-9'), 'if-range': weak.headers.etag! })).status).toBe(200);
  });

  test('truncateFile: the file ends early and does not know it', async () => {
    const { headers, body } = await withFault({ truncateFile: 1234 });
    expect(headers['content-length']).toBe('1234');
    expect(body.equals(CONTENT.subarray(0, 1234))).toBe(true);
    expect((await ask(FILE, range('1234-'))).status).toBe(416);
  });

  test('flipByte: one byte is another, wherever the range begins', async () => {
    const { body } = await withFault({ flipByte: 70_000 }, range('69999-70001'));
    expect(body[0]).toBe(CONTENT[69_999]);
    expect(body[1]).toBe(CONTENT[70_000]! ^ 0xff);
    expect(body[2]).toBe(CONTENT[70_001]);
  });

  test('path: only requests that fit meet the fault', async () => {
    server.setFaults([
      { path: /\.json$/, status: 500 },
      { path: 'frames.zip', status: 403, times: 1 },
    ]);
    expect((await ask('/empty.json')).status).toBe(500);
    expect((await ask(FILE)).status).toBe(403);
    expect((await ask(FILE)).status).toBe(200);
  });
});

test('a folder that is not there or a port that is taken is told at once', async () => {
  const nowhere = serveFolder({ directory: join(directory, 'nowhere') });
  await expect(nowhere).rejects.toMatchObject({ code: 'FOLDER_NOT_SERVED' });
  await expect(nowhere).rejects.toThrow(/nowhere/);
  const taken = serveFolder({ directory, port: server.port });
  await expect(taken).rejects.toMatchObject({ code: 'FOLDER_NOT_SERVED', details: { port: server.port } });
});

test('closing ends a transfer under way', async () => {
  const slow = await serveFolder({ directory: join(directory, 'site'), faults: [{ rate: 1000 }] });
  const reply = ask(FILE, {}, 'GET', slow);
  await until(() => slow.bytesSent() > 0);
  await slow.close();
  expect((await reply).failure).toBeDefined();
});
