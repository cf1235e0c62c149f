import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SerengetiError } from '../../lib/contracts/errors';
import { answerFor } from './answer';
import { sendBody } from './body';
import { FaultList, type Fault } from './faults';
import { Folder } from './servedFile';

export interface ServeOptions {
  readonly directory: string;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** @default none */
  readonly faults?: readonly Fault[];
}

/** A request and what became of it. */
export interface ServedRequest {
  readonly method: string;
  /** As in the address, without the query. */
  readonly path: string;
  /** The `Range` header. */
  readonly range: string | undefined;
  /** 0 while there is no answer yet. */
  readonly status: number;
  /** Bytes of body handed to the connection so far. */
  readonly bytes: number;
}

export interface FolderServer {
  /** `http://127.0.0.1:40123/` */
  readonly url: string;
  readonly port: number;
  /** The latest requests, the oldest first. */
  readonly requests: readonly ServedRequest[];
  /** Bytes of body sent so far, for all paths or for those that end so or match. */
  bytesSent(path?: string | RegExp): number;
  /** Replaces all faults; their counts begin anew. */
  setFaults(faults: readonly Fault[]): void;
  /** Forgets requests and counts. */
  forget(): void;
  /** Ends all connections, those that stall too. */
  close(): Promise<void>;
}

const REMEMBERED_REQUESTS = 100_000;

/**
 * Serves a folder over HTTP like a mirror: ranges, conditional requests, strong ETags that stay the same over restarts.
 * Nothing outside the folder, no listings, no unfinished files. Misbehaves on demand.
 *
 * @throws SerengetiError FOLDER_NOT_SERVED
 */
export async function serveFolder(options: ServeOptions): Promise<FolderServer> {
  const folder = await Folder.open(options.directory);
  const faults = new FaultList();
  faults.set(options.faults ?? []);
  const journal = new Journal();
  const closing = new AbortController();
  const server = createServer((request, response) => {
    void handle(request, response, { folder, faults, journal, closing: closing.signal });
  });
  server.keepAliveTimeout = 30_000;
  const { host = '127.0.0.1', port = 0 } = options;
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`,
    port: address.port,
    requests: journal.requests,
    bytesSent: (path) => journal.bytesSent(path),
    setFaults: (list) => faults.set(list),
    forget: () => journal.forget(),
    close: () => close(server, closing),
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw new SerengetiError('FOLDER_NOT_SERVED', `Cannot listen at ${host}:${port}: ${(error as Error).message}`, {
      cause: error,
      details: { host, port },
    });
  }
}

async function close(server: Server, closing: AbortController): Promise<void> {
  const closed = once(server, 'close');
  closing.abort();
  server.close();
  server.closeAllConnections();
  await closed;
}

interface Context {
  readonly folder: Folder;
  readonly faults: FaultList;
  readonly journal: Journal;
  readonly closing: AbortSignal;
}

async function handle(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const gone = AbortSignal.any([left.signal, context.closing]);
  try {
    await respond(request, response, context, gone);
  } catch (error) {
    if (gone.aborted) return;
    if (response.headersSent) response.destroy(error as Error);
    else sendText(response, 500, `${(error as Error).message}\n`);
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, faults, journal }: Context,
  gone: AbortSignal,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const record = journal.begin(method, path, request.headers.range);
  response.once('close', () => void (record.status ||= response.statusCode));

  const fault = faults.next(path);
  if (fault.delay !== undefined) await sleep(fault.delay, undefined, { signal: gone });
  if (method !== 'GET' && method !== 'HEAD') {
    sendText(response, 405, 'Only GET and HEAD\n', { Allow: 'GET, HEAD' });
    return;
  }
  if (fault.redirect !== undefined && !url.endsWith('?moved')) {
    sendText(response, 302, 'Moved\n', { Location: fault.redirect === true ? `${path}?moved` : fault.redirect });
    return;
  }
  if (fault.status !== undefined) {
    const wait: Record<string, number> = fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter };
    sendText(response, fault.status, `Status ${fault.status} on demand\n`, wait);
    return;
  }
  const file = await folder.find(path);
  if (file === undefined) {
    sendText(response, 404, 'No such file\n');
    return;
  }
  const answer = answerFor(file, method, request.headers, fault);
  record.status = answer.status;
  response.writeHead(answer.status, answer.headers);
  if (method === 'HEAD' || answer.body === undefined) {
    response.end();
    return;
  }
  await sendBody(file.path, answer, fault, response, gone, (bytes) => {
    record.bytes += bytes;
    journal.count(path, bytes);
  });
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string | number>> = {},
): void {
  response.writeHead(status, { ...headers, 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What was asked for and how much was sent. */
class Journal {
  readonly requests: Mutable<ServedRequest>[] = [];
  readonly #sent = new Map<string, number>();

  begin(method: string, path: string, range: string | undefined): Mutable<ServedRequest> {
    const record = { method, path, range, status: 0, bytes: 0 };
    this.requests.push(record);
    if (this.requests.length > REMEMBERED_REQUESTS) this.requests.splice(0, REMEMBERED_REQUESTS / 10);
    return record;
  }

  count(path: string, bytes: number): void {
    this.#sent.set(path, (this.#sent.get(path) ?? 0) + bytes);
  }

  bytesSent(path?: string | RegExp): number {
    let sum = 0;
    for (const [sent, bytes] of this.#sent) {
      const fits = path === undefined || (typeof path === 'string' ? sent.endsWith(path) : path.test(sent));
      if (fits) sum += bytes;
    }
    return sum;
  }

  forget(): void {
    this.requests.length = 0;
    this.#sent.clear();
  }
}
