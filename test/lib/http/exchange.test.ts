import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agents } from '../../../lib/http/agents';
import { exchange, type Answer } from '../../../lib/http/exchange';
import type { Sink } from '../../../lib/http/transport';

const POLICY = { connectTimeoutMs: 2_000, answerTimeoutMs: 2_000, stallTimeoutMs: 300 };
const MEGABYTE = 1 << 20;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listening<S extends Server | TcpServer>(server: S): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const http = (listener: RequestListener): Promise<string> => listening(createServer(listener));

/** A server that knows one answer, byte for byte, and then closes the connection or breaks it off. */
const raw = (answer: readonly (string | Buffer)[], end: 'close' | 'reset' = 'close'): Promise<string> =>
  listening(
    createTcpServer((socket) => {
      socket.on('error', () => undefined); // the client hangs up as it likes
      socket.once('data', () => {
        for (const part of answer) socket.write(part);
        if (end === 'close') socket.end();
        else setTimeout(() => socket.resetAndDestroy(), 50);
      });
    }),
  );

function ask(
  url: string,
  sink: Sink | undefined,
  signal?: AbortSignal,
  method: 'GET' | 'HEAD' = 'GET',
): Promise<Answer> {
  const agents = new Agents(2);
  closing.push(() => agents.close());
  return exchange({ agent: agents.for(url), policy: POLICY, url, method, headers: {}, receive: () => sink, signal });
}

/** A sink that is busy for a while with each chunk. */
function slowSink(ms: number) {
  const taken = { bytes: 0, busy: 0, most: 0 };
  const sink: Sink = async (chunk) => {
    taken.busy++;
    taken.most = Math.max(taken.most, taken.busy);
    await sleep(ms);
    taken.bytes += chunk.length;
    taken.busy--;
    return true;
  };
  return { taken, sink };
}

describe('a server that closes the connection after each answer', () => {
  const body = Buffer.alloc(MEGABYTE, 'a');

  it.each([
    ['HTTP/1.1 with its length', `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`],
    ['HTTP/1.0 with its length', `HTTP/1.0 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`],
    ['HTTP/1.0 without', 'HTTP/1.0 200 OK\r\n\r\n'],
  ])('gives a slow sink all of it: %s', async (_, head) => {
    const { taken, sink } = slowSink(5);
    const answer = await ask(await raw([head, body]), sink);
    expect(answer.status).toBe(200);
    expect(taken).toEqual({ bytes: body.length, busy: 0, most: 1 });
  });

  it('too early, is a failure that says so', async () => {
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${2 * body.length}\r\nConnection: close\r\n\r\n`;
    const { taken, sink } = slowSink(5);
    await expect(ask(await raw([head, body]), sink)).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      then: 'wait',
    });
    expect(taken.busy).toBe(0);
  });
});

describe('however an exchange ends, its sink is at rest then', () => {
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${2 * MEGABYTE}\r\n\r\n`;
  const part = Buffer.alloc(1_000, 'a');

  it('when the connection breaks off', async () => {
    const { taken, sink } = slowSink(200);
    await expect(ask(await raw([head, part], 'reset'), sink)).rejects.toMatchObject({ then: 'wait' });
    expect(taken).toEqual({ bytes: part.length, busy: 0, most: 1 });
  });

  it('when it is stopped', async () => {
    const stop = new AbortController();
    const { taken, sink } = slowSink(200);
    const url = await http((_, response) => response.writeHead(200).write(part));
    const asked = ask(url, (chunk) => (stop.abort(new Error('stopped')), sink(chunk)), stop.signal);
    await expect(asked).rejects.toThrow('stopped');
    expect(taken).toEqual({ bytes: part.length, busy: 0, most: 1 });
  });

  it('when the sink itself fails', async () => {
    const url = await http((_, response) => response.end(part));
    await expect(ask(url, () => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
  });
});

it('hands on chunks that stay what they are while others come', async () => {
  const body = randomBytes(4 * MEGABYTE);
  const kept: Uint8Array[] = [];
  const url = await http((_, response) => response.end(body));
  await ask(url, async (chunk) => {
    kept.push(chunk);
    await sleep(2);
    return true;
  });
  expect(Buffer.concat(kept).equals(body)).toBe(true);
});

describe('patience', () => {
  it('ends with a server that falls silent, but not with a sink that takes longer', async () => {
    const url = await http((_, response) => response.writeHead(200).write('some'));
    const { taken, sink } = slowSink(2 * POLICY.stallTimeoutMs);
    await expect(ask(url, sink)).rejects.toMatchObject({ message: expect.stringContaining('the transfer stalled') });
    expect(taken.bytes).toBe(4);
  });

  it('ends with a server that does not answer', async () => {
    const url = await http(() => undefined);
    await expect(ask(url, undefined)).rejects.toMatchObject({ message: expect.stringContaining('no answer in time') });
  });
});

describe('connections', () => {
  it('are kept for the next request, after bodies of no interest too', async () => {
    const sockets = new Set<unknown>();
    const url = await http((request, response) => {
      sockets.add(request.socket);
      response.setHeader('content-length', 1_000);
      response.end(request.method === 'HEAD' ? undefined : Buffer.alloc(1_000));
    });
    const agents = new Agents(1);
    closing.push(() => agents.close());
    for (const method of ['HEAD', 'GET', 'GET'] as const) {
      const common = { agent: agents.for(url), policy: POLICY, headers: {}, signal: undefined };
      await exchange({ ...common, url, method, receive: () => undefined });
    }
    expect(sockets.size).toBe(1);
  });

  it('to something else than an HTTP server fail with its name', async () => {
    const url = await raw(['220 ftp ready\r\n']);
    await expect(ask(url, undefined)).rejects.toMatchObject({
      then: 'leave',
      message: expect.stringContaining('not an HTTP server'),
    });
  });
});

describe('proxies', () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = { ...environment };
  });

  it('are asked for http addresses as the environment says, and not for those it exempts', async () => {
    const asked: string[] = [];
    const proxy = await http((request, response) => {
      asked.push(request.url!);
      response.end('from the proxy');
    });
    Object.assign(process.env, { http_proxy: proxy, no_proxy: '127.0.0.1' });
    const chunks: Uint8Array[] = [];
    await ask('http://mirror.invalid/S1.zip', (chunk) => (chunks.push(chunk), true));
    expect(asked).toEqual(['http://mirror.invalid/S1.zip']);
    expect(Buffer.concat(chunks).toString()).toBe('from the proxy');

    const direct = await http((_, response) => response.end());
    await ask(`${direct}/S1.zip`, () => true);
    expect(asked).toHaveLength(1);
  });

  it('tunnel https', async () => {
    const tunnels: string[] = [];
    const target = await raw(['not TLS at all\r\n']);
    const server = createServer();
    server.on('connect', (request, socket) => {
      tunnels.push(request.url!);
      const through = connect(Number(new URL(target).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        through.pipe(socket).pipe(through);
      });
      through.on('error', () => socket.destroy());
      socket.on('error', () => through.destroy());
    });
    Object.assign(process.env, { https_proxy: await listening(server) });
    await expect(ask('https://mirror.invalid/S1.zip', () => true)).rejects.toMatchObject({ code: expect.any(String) });
    expect(tunnels).toEqual(['mirror.invalid:443']);
  });
});
