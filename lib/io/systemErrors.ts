import { isSerengetiError, SerengetiError, type ErrorCode } from '../contracts/errors';

interface Refusal {
  readonly code: ErrorCode;
  /** Of the system's errors, as Node has them. */
  readonly names: readonly string[];
  /** What native libraries say instead. */
  readonly words: RegExp;
}

/** What the operating system refuses until somebody has mended it. */
const REFUSALS: readonly Refusal[] = [
  {
    code: 'DISK_FULL',
    names: ['ENOSPC', 'EDQUOT'],
    words: /No space left on device|Disk quota exceeded|max_temp_directory_size/,
  },
  { code: 'DISK_READ_ONLY', names: ['EROFS'], words: /Read-only file system/ },
  { code: 'DISK_FAILED', names: ['EIO', 'ENXIO', 'ESTALE'], words: /Input\/output error|Stale file handle/ },
  { code: 'ACCESS_DENIED', names: ['EACCES', 'EPERM'], words: /Permission denied|Operation not permitted/ },
  {
    code: 'RESOURCES_EXHAUSTED',
    names: ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'ENOBUFS'],
    words: /Too many open files|Cannot allocate memory/,
  },
];

/**
 * A refusal of the operating system as the product says it; other errors stay as they are.
 *
 * A refusal may come raw, in the words of a native library, or as the cause of an error that took it for a fault of what
 * was to be read. Where that error would wait or be tried again by itself, it says more than the refusal, and stays.
 *
 * @param path - what was to be read or written, where the error itself does not say
 */
export function asRefusal(error: unknown, path?: string): unknown {
  if (isSerengetiError(error) && (error.retryable || error.waits)) return error;
  const code = refusalIn(error);
  return code === undefined ? error : systemError(code, error, path);
}

/** The same, and no error of the operating system stays as it is: for where errors leave the process. */
export function asSystemError(error: unknown): unknown {
  const known = asRefusal(error);
  return isSerengetiError(known) || !isOfTheSystem(known) ? known : systemError('SYSTEM_FAILED', known);
}

function systemError(code: ErrorCode, error: unknown, path = (error as NodeJS.ErrnoException).path): SerengetiError {
  const message = messageOf(error);
  const details = { ...(isSerengetiError(error) ? error.details : {}), ...(path === undefined ? {} : { path }) };
  const text = path === undefined || message.includes(path) ? message : `${path}: ${message}`;
  return new SerengetiError(code, text, { cause: error, details });
}

/** Looks through the causes of an error, too. */
function refusalIn(error: unknown): ErrorCode | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  // The product's own errors have other codes, and what they say of a file may be anything.
  const found = REFUSALS.find(
    ({ names, words }) =>
      !isSerengetiError(error) && (names.some((name) => name === code) || words.test(messageOf(error))),
  );
  return found?.code ?? refusalIn(cause);
}

function isOfTheSystem(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException | undefined)?.syscall === 'string';
}

/** Errors of native libraries are no `Error` of other realms, so that `instanceof` fails. */
function messageOf(error: unknown): string {
  return String((error as { message?: unknown } | undefined)?.message ?? error);
}
