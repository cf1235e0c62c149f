import { Agents } from './agents';
import { exchange, type Answer } from './exchange';
import { RangesIgnored, SourceFailure, failureOfStatus, webPage } from './failures';
import { maySendTo } from './internal';
import {
  sameFile,
  type ByteRange,
  type FileFacts,
  type ReadRequest,
  type Sink,
  type TransferPolicy,
  type Transport,
} from './transport';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;
const LONGEST_RETRY_AFTER_MS = 10 * 60_000;

type Headers = Record<string, string>;

/** Reads `http://` and `https://` addresses: byte ranges, pinned versions, redirects, no transparent compression. */
export function httpTransport(connections: number, policy: TransferPolicy): Transport {
  const agents = new Agents(connections);
  const send: Send = (url, method, headers, receive, signal) =>
    sendFollowing(
      (address, take) =>
        exchange({
          agent: agents.for(address),
          policy,
          url: address,
          method,
          headers: { ...HEADERS, ...headers },
          receive: take,
          signal,
        }),
      url,
      receive,
      signal,
    );
  return {
    facts: (url, signal) => facts(send, url, signal),
    read: (url, wanted, sink, signal) => read(send, url, wanted, sink, signal),
    close: () => Promise.resolve(agents.close()),
  };
}

/** Compressed bodies have no byte ranges of the file, so `identity` is asked for, and checked afterwards. */
const HEADERS: Headers = { 'accept-encoding': 'identity', 'user-agent': 'serengeti' };

type Receive = (answer: Answer) => Sink | undefined;
type Send = (
  url: string,
  method: 'GET' | 'HEAD',
  headers: Headers,
  receive: Receive,
  signal: AbortSignal | undefined,
) => Promise<Answer>;

const ignoreBody: Receive = () => undefined;

async function sendFollowing(
  sendTo: (address: string, receive: Receive) => Promise<Answer>,
  url: string,
  receive: Receive,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  let address = url;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    signal?.throwIfAborted();
    const answer = await sendTo(address, (received) => (isRedirect(received) ? undefined : receive(received)));
    if (!isRedirect(answer)) return answer;
    address = redirectTarget(address, answer.headers['location']);
  }
  throw new SourceFailure(
    { code: 'SOURCE_UNREACHABLE', then: 'leave' },
    `${url} redirects more than ${MOST_REDIRECTS} times, last to ${address}`,
    { url },
  );
}

function isRedirect({ status }: Answer): boolean {
  return REDIRECTS.has(status);
}

function redirectTarget(from: string, location: string | string[] | undefined): string {
  const leave = { code: 'SOURCE_UNREACHABLE', then: 'leave' } as const;
  if (typeof location !== 'string' || !URL.canParse(location, from)) {
    throw new SourceFailure(leave, `${from} redirects to no valid address: ${JSON.stringify(location)}`, { url: from });
  }
  const target = new URL(location, from);
  const downgrade = from.startsWith('https:') && target.protocol === 'http:';
  if (downgrade || !/^https?:$/.test(target.protocol) || !maySendTo(from, target.href)) {
    throw new SourceFailure(leave, `${from} redirects to ${target.href}, which is not followed`, { url: from });
  }
  return target.href;
}

async function facts(send: Send, url: string, signal: AbortSignal | undefined): Promise<FileFacts> {
  const head = await send(url, 'HEAD', {}, ignoreBody, signal);
  if (head.status === 404 || head.status === 410) throw failureOfStatus(url, head.status);
  if (head.status === 200) {
    const described = describe(head);
    if (described.bytes !== undefined && described.ranges && !isEncoded(head) && !isPage(head)) return described;
  }
  return factsByRange(send, url, signal);
}

/** For servers that refuse HEAD, leave out the length, or say nothing about ranges: asks for one byte and looks. */
async function factsByRange(send: Send, url: string, signal: AbortSignal | undefined): Promise<FileFacts> {
  const answer = await send(url, 'GET', { range: 'bytes=0-0' }, ignoreBody, signal);
  const described = describe(answer);
  if (isEncoded(answer)) throw encoded(url, answer);
  if ((answer.status === 200 || answer.status === 206) && isPage(answer)) throw webPage(url);
  if (answer.status === 200) return { ...described, ranges: false };
  const range = contentRange(answer);
  if (answer.status === 206 && range !== undefined) return { ...described, bytes: range.total, ranges: true };
  // No byte can be asked of an empty file: the refusal names its length.
  if (answer.status === 416 && text(answer, 'content-range') === 'bytes */0') {
    return { ...described, bytes: 0, ranges: false };
  }
  throw refused(url, answer);
}

async function read(
  send: Send,
  url: string,
  { range, pinned }: ReadRequest,
  sink: Sink,
  signal: AbortSignal | undefined,
): Promise<void> {
  let meter: Meter | undefined;
  const receive = (answer: Answer): Sink => {
    checkAnswer(url, answer, { range, pinned });
    meter = new Meter(
      url,
      range === undefined ? (pinned?.bytes ?? describe(answer).bytes) : range.end - range.start,
      sink,
    );
    return meter.sink;
  };
  await send(url, 'GET', range === undefined ? {} : rangeHeaders(range, pinned), receive, signal);
  meter?.checkEnd();
}

/** Weak ETags may not be used with If-Range; the date can, and the answer's own headers are compared afterwards. */
function rangeHeaders({ start, end }: ByteRange, pinned: FileFacts | undefined): Headers {
  const strong = pinned?.etag?.startsWith('W/') === false ? pinned.etag : undefined;
  const condition = strong ?? pinned?.lastModified;
  return { range: `bytes=${start}-${end - 1}`, ...(condition === undefined ? {} : { 'if-range': condition }) };
}

function checkAnswer(url: string, answer: Answer, { range, pinned }: ReadRequest): void {
  const { status } = answer;
  if (status !== 200 && status !== 206) throw refused(url, answer);
  if (isEncoded(answer)) throw encoded(url, answer);
  const sent = contentRange(answer);
  const described = { ...describe(answer), ...(status === 206 ? { bytes: sent?.total } : {}) };
  if (pinned !== undefined && !sameFile(pinned, described)) {
    throw new SourceFailure(
      { code: 'SOURCE_CHANGED', then: 'restart' },
      `${url} is another file than when the download began: it was ${summary(pinned)} and is ${summary(described)}`,
      { url },
    );
  }
  if (range === undefined) {
    if (status === 206) throw corrupt(url, 'sent a part when asked for the whole file');
    return;
  }
  if (status === 200) throw new RangesIgnored(url);
  if (sent?.start !== range.start || sent.end !== range.end) {
    const got = text(answer, 'content-range') ?? 'no Content-Range';
    throw corrupt(url, `was asked for bytes ${range.start}-${range.end - 1} and sent ${got}`);
  }
}

/** Sees to it that a body has the length that was announced. */
class Meter {
  readonly #url: string;
  readonly #length: number | undefined;
  readonly #sink: Sink;
  #received = 0;
  #enough = false;

  constructor(url: string, length: number | undefined, sink: Sink) {
    this.#url = url;
    this.#length = length;
    this.#sink = sink;
  }

  readonly sink: Sink = (chunk) => {
    this.#received += chunk.length;
    if (this.#received > (this.#length ?? Infinity)) {
      throw corrupt(this.#url, `sent more than the ${this.#length} bytes it announced`);
    }
    const more = this.#sink(chunk);
    return typeof more === 'boolean' ? this.#note(more) : more.then((result) => this.#note(result));
  };

  checkEnd(): void {
    if (this.#enough || this.#length === undefined || this.#received === this.#length) return;
    const message = `${this.#url} sent ${this.#received} of ${this.#length} bytes`;
    throw new SourceFailure({ code: 'SOURCE_UNREACHABLE', then: 'wait' }, message, { url: this.#url });
  }

  #note(more: boolean): boolean {
    this.#enough = !more;
    return more;
  }
}

function describe(answer: Answer): FileFacts {
  const length = text(answer, 'content-length');
  const etag = text(answer, 'etag');
  const lastModified = text(answer, 'last-modified');
  return {
    ...(length !== undefined && /^\d+$/.test(length) ? { bytes: Number(length) } : {}),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ranges: text(answer, 'accept-ranges') === 'bytes',
  };
}

/** `Content-Range: bytes 0-99/1234`, with `end` one past the last byte. */
function contentRange(answer: Answer): (ByteRange & { total: number }) | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(text(answer, 'content-range') ?? '');
  return match === null ? undefined : { start: Number(match[1]), end: Number(match[2]) + 1, total: Number(match[3]) };
}

function retryAfter(answer: Answer): number | undefined {
  const value = text(answer, 'retry-after');
  if (value === undefined) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), LONGEST_RETRY_AFTER_MS) : undefined;
}

/** Azure and S3 name their reason in a header, too. */
function refused(url: string, answer: Answer): SourceFailure {
  const reason = text(answer, 'x-ms-error-code') ?? text(answer, 'x-amz-error-code');
  return failureOfStatus(url, answer.status, { retryAfterMs: retryAfter(answer), reason });
}

function isPage(answer: Answer): boolean {
  return /^text\/html\b/i.test(text(answer, 'content-type') ?? '');
}

function isEncoded(answer: Answer): boolean {
  return (text(answer, 'content-encoding') ?? 'identity') !== 'identity';
}

function encoded(url: string, answer: Answer): SourceFailure {
  return corrupt(url, `sent the file compressed (${text(answer, 'content-encoding')}) although asked for it as it is`);
}

function corrupt(url: string, what: string): SourceFailure {
  return new SourceFailure({ code: 'SOURCE_CORRUPT', then: 'leave' }, `${url} ${what}`, { url });
}

function summary({ bytes, etag, lastModified }: FileFacts): string {
  return `${bytes ?? 'unknown'} bytes, ${etag ?? lastModified ?? 'without a version'}`;
}

function text(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
