import type { IncomingHttpHeaders } from 'node:http';
import type { Fault } from './faults';
import { parseRange, type ByteRange } from './ranges';
import type { ServedFile } from './servedFile';

/** What is sent back: status, headers and, if any, which bytes of the file. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: ByteRange;
  /** The body is compressed on its way; its length is not announced. */
  readonly gzip?: boolean;
}

/** Answers a GET or HEAD for a file (RFC 9110, sections 13 and 14), or as wrongly as the fault says. */
export function answerFor(file: ServedFile, method: string, request: IncomingHttpHeaders, fault: Fault): Answer {
  const size = Math.min(file.size, fault.truncateFile ?? Infinity);
  const validators = validatorsOf(file, fault);
  const headers = {
    ...validators,
    'Content-Type': contentType(file.path),
    ...(fault.noRanges === true ? {} : { 'Accept-Ranges': 'bytes' }),
  };
  if (isUnchanged(request, validators)) return { status: 304, headers };
  const whole = { first: 0, last: size - 1 };
  if (fault.gzip === true)
    return { status: 200, headers: { ...headers, 'Content-Encoding': 'gzip' }, body: whole, gzip: true };

  const ignored = method !== 'GET' || fault.noRanges === true || fault.status200For206 === true;
  const range = ignored || !isSameVersion(request, validators) ? 'whole' : parseRange(request.range, size);
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${size}`, 'Content-Length': 0 } };
  }
  const asked = range === 'whole' ? whole : range;
  const body = { first: asked.first, last: Math.max(asked.first - 1, asked.last - (fault.shortBody ?? 0)) };
  const length = { 'Content-Length': body.last - body.first + 1 };
  if (range === 'whole') return { status: 200, headers: { ...headers, ...length }, body };
  const shift = fault.wrongContentRange === true ? 1 : 0;
  const contentRange = `bytes ${range.first + shift}-${range.last + shift}/${size}`;
  return { status: 206, headers: { ...headers, ...length, 'Content-Range': contentRange }, body };
}

function validatorsOf(file: ServedFile, fault: Fault): Readonly<Record<string, string>> {
  if (fault.noValidators === true) return {};
  const etag = fault.changeEtag === true ? file.etag.replace(/"$/, '-changed"') : file.etag;
  const date =
    fault.changeEtag === true ? new Date(Date.parse(file.lastModified) + 1000).toUTCString() : file.lastModified;
  return { ETag: fault.weakEtag === true ? `W/${etag}` : etag, 'Last-Modified': date };
}

function isUnchanged(request: IncomingHttpHeaders, validators: Readonly<Record<string, string>>): boolean {
  const none = request['if-none-match'];
  if (none !== undefined) {
    const tags = none.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    return tags.includes('*') || tags.includes(validators['ETag']?.replace(/^W\//, '') ?? '');
  }
  const since = request['if-modified-since'];
  const date = validators['Last-Modified'];
  return since !== undefined && date !== undefined && Date.parse(date) <= Date.parse(since);
}

/** Whether an `If-Range` lets the range stand: a strong ETag or the exact date. */
function isSameVersion(request: IncomingHttpHeaders, validators: Readonly<Record<string, string>>): boolean {
  const condition = request['if-range'];
  if (condition === undefined) return true;
  const etag = validators['ETag'];
  return condition === validators['Last-Modified'] || (condition === etag && !condition.startsWith('W/'));
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  jpg: 'image/jpeg',
  json: 'application/json',
  zip: 'application/zip',
};

function contentType(path: string): string {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return CONTENT_TYPES[extension] ?? 'application/octet-stream';
}
