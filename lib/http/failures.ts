import { SerengetiError, isSerengetiError, type ErrorCode } from '../contracts/errors';

/**
 * What follows from a failed request to a mirror.
 *
 * - `wait`: the same request may succeed later; the mirror rests for a growing while, or as long as it asked for
 * - `leave`: this mirror will not give this file; the others go on
 * - `restart`: the file is another one than when the download began
 */
export type Consequence = 'wait' | 'leave' | 'restart';

interface Verdict {
  readonly name: string;
  readonly code: ErrorCode;
  readonly then: Consequence;
}

/** Answers of HTTP servers that are not the bytes asked for. Statuses not listed: 5xx as 500, the others as 400. */
export const HTTP_STATUSES: Readonly<Record<number, Verdict>> = {
  400: { name: 'Bad Request', code: 'SOURCE_UNREACHABLE', then: 'leave' },
  401: { name: 'Unauthorized', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  403: { name: 'Forbidden', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  404: { name: 'Not Found', code: 'SOURCE_MISSING', then: 'leave' },
  407: { name: 'Proxy Authentication Required', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  408: { name: 'Request Timeout', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  // Azure answers this where nobody may read without credentials.
  409: { name: 'Conflict', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  410: { name: 'Gone', code: 'SOURCE_MISSING', then: 'leave' },
  412: { name: 'Precondition Failed', code: 'SOURCE_CHANGED', then: 'restart' },
  416: { name: 'Range Not Satisfiable', code: 'SOURCE_CHANGED', then: 'restart' },
  425: { name: 'Too Early', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  429: { name: 'Too Many Requests', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  451: { name: 'Unavailable For Legal Reasons', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  500: { name: 'Internal Server Error', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  501: { name: 'Not Implemented', code: 'SOURCE_UNREACHABLE', then: 'leave' },
  502: { name: 'Bad Gateway', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  503: { name: 'Service Unavailable', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  504: { name: 'Gateway Timeout', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  505: { name: 'HTTP Version Not Supported', code: 'SOURCE_UNREACHABLE', then: 'leave' },
};

/** Errors below HTTP, by the code that Node or an exchange gives them. Codes not listed: `wait`. */
export const NETWORK_ERRORS: Readonly<Record<string, Verdict>> = {
  ECONNREFUSED: { name: 'connection refused', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  ECONNRESET: { name: 'connection reset', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  EPIPE: { name: 'connection closed', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  ETIMEDOUT: { name: 'connection timed out', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  EHOSTUNREACH: { name: 'no route to the host', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  ENETUNREACH: { name: 'no route to the network', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  EAI_AGAIN: { name: 'name server did not answer', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  ENOTFOUND: { name: 'host name unknown', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  CONNECT_TIMEOUT: { name: 'connecting took too long', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  ANSWER_TIMEOUT: { name: 'no answer in time', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  STALL_TIMEOUT: { name: 'the transfer stalled', code: 'SOURCE_UNREACHABLE', then: 'wait' },
  EMFILE: { name: 'too many open files', code: 'RESOURCES_EXHAUSTED', then: 'wait' },
  ENFILE: { name: 'too many open files', code: 'RESOURCES_EXHAUSTED', then: 'wait' },
  HPE_INVALID_CONSTANT: { name: 'not an HTTP server', code: 'SOURCE_UNREACHABLE', then: 'leave' },
  ERR_INVALID_URL: { name: 'not an address', code: 'SOURCE_UNREACHABLE', then: 'leave' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { name: 'self-signed certificate', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  SELF_SIGNED_CERT_IN_CHAIN: { name: 'self-signed certificate', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { name: 'unverifiable certificate', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  CERT_HAS_EXPIRED: { name: 'expired certificate', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  ERR_TLS_CERT_ALTNAME_INVALID: { name: "another host's certificate", code: 'SOURCE_FORBIDDEN', then: 'leave' },
  // Files at file:// mirrors
  ENOENT: { name: 'no such file', code: 'SOURCE_MISSING', then: 'leave' },
  ENOTDIR: { name: 'no such file', code: 'SOURCE_MISSING', then: 'leave' },
  EISDIR: { name: 'a folder, not a file', code: 'SOURCE_MISSING', then: 'leave' },
  EACCES: { name: 'no permission to read', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  EPERM: { name: 'no permission to read', code: 'SOURCE_FORBIDDEN', then: 'leave' },
  EIO: { name: 'the disk cannot read it', code: 'SOURCE_UNREACHABLE', then: 'wait' },
};

/** A failed attempt at one mirror, with what follows from it. Leaves this folder only as part of a larger message. */
export class SourceFailure extends SerengetiError {
  readonly then: Consequence;
  /** As the server asked for by `Retry-After`. */
  readonly retryAfterMs: number | undefined;

  constructor(
    verdict: Pick<Verdict, 'code' | 'then'>,
    message: string,
    options: { cause?: unknown; url: string; retryAfterMs?: number | undefined; status?: number },
  ) {
    const { cause, url, status } = options;
    super(verdict.code, message, { cause, details: status === undefined ? { url } : { url, status } });
    this.then = verdict.then;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A server that answers 200 to a range request: it can give only the whole file. */
export class RangesIgnored extends SourceFailure {
  constructor(url: string) {
    super({ code: 'SOURCE_CORRUPT', then: 'leave' }, `${url} ignores byte ranges: it answered 200 instead of 206`, {
      url,
    });
  }
}

/** A server that sends a page where a file should be: to log in, to say that there is none, or to show it. */
export function webPage(url: string): SourceFailure {
  return new SourceFailure(
    { code: 'SOURCE_FORBIDDEN', then: 'leave' },
    `${url} is a web page, not the file: one to log in or that reports an error, or a link for sharing`,
    { url },
  );
}

/** @param reason - as the server calls it */
export function failureOfStatus(
  url: string,
  status: number,
  { retryAfterMs, reason }: { readonly retryAfterMs?: number | undefined; readonly reason?: string | undefined } = {},
): SourceFailure {
  const verdict = HTTP_STATUSES[status] ?? HTTP_STATUSES[status >= 500 ? 500 : 400]!;
  const name = HTTP_STATUSES[status]?.name ?? 'unexpected';
  const said = reason === undefined ? name : `${name}: ${reason}`;
  return new SourceFailure(verdict, `${url} answered ${status} (${said})`, { url, status, retryAfterMs });
}

/** @param error - whatever a request or its body threw */
export function failureOfError(url: string, error: unknown): SourceFailure {
  if (error instanceof SourceFailure) return error;
  const code = codeOf(error);
  const verdict = NETWORK_ERRORS[code ?? ''];
  const reason = verdict?.name ?? (error as Error).message;
  return new SourceFailure(
    verdict ?? { code: 'SOURCE_UNREACHABLE', then: 'wait' },
    `${url}: ${reason}${code === undefined ? '' : ` (${code})`}`,
    { url, cause: error },
  );
}

/**
 * The code of an error or of what caused it. Connecting to a name with several addresses gives an AggregateError, whose
 * first one tells enough. Looked at by shape: errors of another module realm are no instances of this one's `Error`.
 */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, errors, cause } = error as { code?: unknown; errors?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return codeOf(Array.isArray(errors) ? errors[0] : cause);
}

/** One error for a file that no mirror gave, with what each of them said. */
export function noMirrorLeft(path: string, failures: readonly SourceFailure[]): SerengetiError {
  const code = summaryCode(failures);
  const reasons = failures.map((failure) => `  - ${failure.message}`).join('\n');
  return new SerengetiError(code, `No mirror gives ${path}:\n${reasons}`, {
    cause: failures[0],
    details: { path, reasons: failures.map((failure) => failure.message) },
  });
}

/** Missing only if it is missing everywhere; a mirror that may come back makes a retry worthwhile. */
function summaryCode(failures: readonly SourceFailure[]): ErrorCode {
  const waiting = failures.find((failure) => failure.then === 'wait');
  if (waiting !== undefined) return waiting.code;
  if (failures.every((failure) => failure.code === 'SOURCE_MISSING')) return 'SOURCE_MISSING';
  return failures.find((failure) => failure.code !== 'SOURCE_MISSING')?.code ?? 'SOURCE_UNREACHABLE';
}

export function isMissing(error: unknown): boolean {
  return isSerengetiError(error) && error.code === 'SOURCE_MISSING';
}
