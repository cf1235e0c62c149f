import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isGone } from '../lib/io/files';

/** What is shown, and what is given to keep: nothing else of a store is looked at by a browser. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.json': 'application/json',
  '.zip': 'application/zip',
};

/** On every answer. The pages' own policies stand in the pages: they name the scripts by their digests. */
const ALWAYS: OutgoingHttpHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
const NOT_FRAMED = "frame-ancestors 'none'";
/** Of what is no page: opened by itself it can do nothing. */
const BARE = `default-src 'none'; ${NOT_FRAMED}`;
/** Pages from the store have an origin of their own: whatever stood in one could read nothing else here. */
const APART = `sandbox allow-scripts allow-downloads allow-popups; ${NOT_FRAMED}`;

/** A page that was made for this answer. */
export function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
  { status = 200, headers = {} }: { readonly status?: number; readonly headers?: OutgoingHttpHeaders } = {},
): void {
  const etag = `"${createHash('sha256').update(text).digest('hex')}"`;
  const all = { ...ALWAYS, 'Content-Security-Policy': NOT_FRAMED, 'Cache-Control': 'private, no-cache', ...headers };
  if (status === 200 && isKnown(request, etag)) return void response.writeHead(304, { ...all, ETag: etag }).end();
  const known = status === 200 && { ETag: etag };
  send(request, response, Buffer.from(text), { status, headers: { ...all, 'Content-Type': TYPES['.html'], ...known } });
}

/** A file of the store; without a digest it is fetched each time. */
export interface StoredFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256?: string | undefined;
  /** Whether the address names the digest: then it never has other bytes. */
  readonly isImmutable: boolean;
  open(): Promise<Readable>;
}

/** @throws whatever `open` throws, before anything was sent; what breaks off later ends the connection */
export async function sendFile(request: IncomingMessage, response: ServerResponse, file: StoredFile): Promise<void> {
  const extension = extname(file.name);
  const isPage = extension === '.html';
  const etag = file.sha256 === undefined ? undefined : `"${file.sha256}"`;
  const headers: OutgoingHttpHeaders = {
    ...ALWAYS,
    'Content-Security-Policy': isPage ? APART : BARE,
    'Cache-Control': file.isImmutable ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    ...(etag !== undefined && { ETag: etag }),
  };
  if (etag !== undefined && isKnown(request, etag)) return void response.writeHead(304, headers).end();
  const body = request.method === 'HEAD' ? undefined : await file.open();
  response.writeHead(200, {
    ...headers,
    'Content-Type': TYPES[extension] ?? 'application/octet-stream',
    'Content-Length': file.bytes,
    ...(!isPage && { 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}` }),
  });
  if (body === undefined) return void response.end();
  try {
    await pipeline(body, response);
  } catch (error) {
    // Whoever asked has gone, or has seen by the connection's end that the file is not whole.
    if (!response.destroyed) response.destroy();
    if (!isPremature(error)) process.emitWarning(`${file.name} broke off: ${(error as Error).message}`);
  }
}

/** Data for a page. */
export function sendJson(request: IncomingMessage, response: ServerResponse, value: unknown, status = 200): void {
  const headers = { ...bare('no-store'), 'Content-Type': TYPES['.json'] };
  send(request, response, Buffer.from(JSON.stringify(value)), { status, headers });
}

/** A photograph made smaller for this answer. */
export function sendJpeg(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const headers = { ...bare('private, max-age=3600'), 'Content-Type': 'image/jpeg' };
  send(request, response, body, { status: 200, headers });
}

function bare(caching: string): OutgoingHttpHeaders {
  return { ...ALWAYS, 'Content-Security-Policy': BARE, 'Cache-Control': caching };
}

/** Without the body where only the headers were asked for. */
function send(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  { status, headers }: { readonly status: number; readonly headers: OutgoingHttpHeaders },
): void {
  response.writeHead(status, { ...headers, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** A page with scripts of its own that was made from the store just now. */
export const APART_HEADERS: OutgoingHttpHeaders = { 'Content-Security-Policy': APART };

function isKnown({ headers }: IncomingMessage, etag: string): boolean {
  const tags = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function isPremature(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE' || isGone(error);
}
