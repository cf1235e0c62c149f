import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { RangesIgnored, SourceFailure, failureOfError, failureOfStatus } from './failures';
import {
  sameFile,
  type ByteRange,
  type FileFacts,
  type ReadRequest,
  type TransferPolicy,
  type Transport,
} from './transport';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;
const LONGEST_RETRY_AFTER_MS = 10 * 60_000;

type Answer = Dispatcher.ResponseData;
type Headers = Record<string, string>;

/** Reads `http://` and `https://` addresses: byte ranges, pinned versions, redirects, no transparent compression. */
export function httpTransport(connections: number, policy: TransferPolicy): Transport {
  const dispatcher = new EnvHttpProxyAgent({
    connections,
    pipelining: 1,
    headersTimeout: policy.answerTimeoutMs,
    bodyTimeout: policy.stallTimeoutMs,
    connect: { timeout: policy.connectTimeoutMs },
  });
  const send = (url: string, method: 'GET' | 'HEAD', headers: Headers, signal?: AbortSignal): Promise<Answer> =>
    sendFollowing(dispatcher, url, method, headers, signal);
  return {
    facts: (url, signal) => facts(send, url, signal),
    read: (url, wanted, signal) => read(send, url, wanted, signal),
    close: () => dispatcher.close(),
  };
}

type Send = (url: string, method: 'GET' | 'HEAD', headers: Headers, signal?: AbortSignal) => Promise<Answer>;

async function sendFollowing(
  dispatcher: Dispatcher,
  url: string,
  method: 'GET' | 'HEAD',
  headers: Headers,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  let address = url;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const answer = await sendOnce(dispatcher, address, method, headers, signal);
    if (!REDIRECTS.has(answer.statusCode)) return answer;
    discard(answer);
    address = redirectTarget(address, answer.headers.location);
  }
  throw new SourceFailure(
    { code: 'SOURCE_UNREACHABLE', then: 'leave' },
    `${url} redirects more than ${MOST_REDIRECTS} times, last to ${address}`,
    { url },
  );
}

async function sendOnce(
  dispatcher: Dispatcher,
  url: string,
  method: 'GET' | 'HEAD',
  headers: Headers,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    // Compressed bodies have no byte ranges of the file, so `identity` is asked for and checked.
    return await request(url, {
      method,
      dispatcher,
      headers: { 'accept-encoding': 'identity', 'user-agent': 'serengeti', ...headers },
      signal: signal ?? null,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw failureOfError(url, error);
  }
}

function redirectTarget(from: string, location: string | string[] | undefined): string {
  const leave = { code: 'SOURCE_UNREACHABLE', then: 'leave' } as const;
  if (typeof location !== 'string' || !URL.canParse(location, from)) {
    throw new SourceFailure(leave, `${from} redirects to no valid address: ${JSON.stringify(location)}`, { url: from });
  }
  const target = new URL(location, from);
  const downgrade = from.startsWith('https:') && target.protocol === 'http:';
  if (downgrade || !/^https?:$/.test(target.protocol)) {
    throw new SourceFailure(leave, `${from} redirects to ${target.href}, which is not followed`, { url: from });
  }
  return target.href;
}

async function facts(send: Send, url: string, signal: AbortSignal | undefined): Promise<FileFacts> {
  const head = await send(url, 'HEAD', {}, signal);
  discard(head);
  if (head.statusCode === 404 || head.statusCode === 410) throw failureOfStatus(url, head.statusCode);
  if (head.statusCode === 200) {
    const described = describe(head);
    if (described.bytes !== undefined && described.ranges && !isEncoded(head)) return described;
  }
  return factsByRange(send, url, signal);
}

/** For servers that refuse HEAD, leave out the length, or say nothing about ranges: asks for one byte and looks. */
async function factsByRange(send: Send, url: string, signal: AbortSignal | undefined): Promise<FileFacts> {
  const answer = await send(url, 'GET', { range: 'bytes=0-0' }, signal);
  discard(answer);
  const described = describe(answer);
  if (isEncoded(answer)) throw encoded(url, answer);
  if (answer.statusCode === 200) return { ...described, ranges: false };
  const range = contentRange(answer);
  if (answer.statusCode === 206 && range !== undefined) return { ...described, bytes: range.total, ranges: true };
  // No byte can be asked of an empty file: the refusal names its length.
  if (answer.statusCode === 416 && text(answer, 'content-range') === 'bytes */0') {
    return { ...described, bytes: 0, ranges: false };
  }
  throw failureOfStatus(url, answer.statusCode, retryAfter(answer));
}

async function read(
  send: Send,
  url: string,
  { range, pinned }: ReadRequest,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  const answer = await send(url, 'GET', range === undefined ? {} : rangeHeaders(range, pinned), signal);
  try {
    checkAnswer(url, answer, { range, pinned });
  } catch (error) {
    discard(answer);
    throw error;
  }
  const length = range === undefined ? (pinned?.bytes ?? describe(answer).bytes) : range.end - range.start;
  return bodyOf(url, answer, length, signal);
}

/** Weak ETags may not be used with If-Range; the date can, and the answer's own headers are compared afterwards. */
function rangeHeaders({ start, end }: ByteRange, pinned: FileFacts | undefined): Headers {
  const strong = pinned?.etag?.startsWith('W/') === false ? pinned.etag : undefined;
  const condition = strong ?? pinned?.lastModified;
  return { range: `bytes=${start}-${end - 1}`, ...(condition === undefined ? {} : { 'if-range': condition }) };
}

function checkAnswer(url: string, answer: Answer, { range, pinned }: ReadRequest): void {
  const status = answer.statusCode;
  if (status !== 200 && status !== 206) throw failureOfStatus(url, status, retryAfter(answer));
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

async function* bodyOf(
  url: string,
  answer: Answer,
  length: number | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let left = length ?? Infinity;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      if (chunk.length > left) throw corrupt(url, `sent more than the ${length} bytes it announced`);
      left -= chunk.length;
      yield chunk;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw failureOfError(url, error);
  } finally {
    cutOff(answer);
  }
  if (Number.isFinite(left) && left > 0) {
    const message = `${url} sent ${length! - left} of ${length} bytes`;
    throw new SourceFailure({ code: 'SOURCE_UNREACHABLE', then: 'wait' }, message, { url });
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

/** Unread bodies hold their connection: short ones are read to the end, of others the connection is closed. */
function discard(answer: Answer): void {
  answer.body.dump({ limit: 16_384 }).catch(() => undefined);
}

function cutOff(answer: Answer): void {
  answer.body.on('error', () => undefined);
  answer.body.destroy();
}
