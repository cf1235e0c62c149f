/**
 * How a server misbehaves. Several kinds may be given at once; a request meets the first fault of the list whose `path`,
 * `after` and `times` fit.
 */
export interface Fault {
  /** Which paths: their end, or a pattern. @default all */
  readonly path?: string | RegExp;
  /** Lets so many requests that fit pass before it begins. @default 0 */
  readonly after?: number;
  /** Ends after so many requests. @default never */
  readonly times?: number;

  /** Waits before it answers. @format milliseconds */
  readonly delay?: number;
  /** Sends no faster, each request for itself. @format bytes a second */
  readonly rate?: number;
  /** Knows no ranges: sends the whole file with 200 and says nothing of ranges. */
  readonly noRanges?: boolean;
  /** Announces ranges, then sends the whole file with 200 all the same. */
  readonly status200For206?: boolean;
  /** The `Content-Range` names bytes one farther on than asked for. */
  readonly wrongContentRange?: boolean;
  /** The body is so many bytes shorter than the range, and `Content-Length` agrees with the body. */
  readonly shortBody?: number;
  /** Sends the whole file compressed, asked or not. */
  readonly gzip?: boolean;
  /** Sends the client elsewhere with 302: to an address, or with `true` to the same path with `?moved`. */
  readonly redirect?: string | true;
  /** Breaks the connection after so many bytes of body. */
  readonly resetAfter?: number;
  /** Ends the connection in good order after so many bytes of body, too early. */
  readonly endAfter?: number;
  /** Falls silent after so many bytes of body and keeps the connection open. */
  readonly stallAfter?: number;
  /** Answers with this status and no file. */
  readonly status?: number;
  /** With `status`: the `Retry-After` header. @format seconds */
  readonly retryAfter?: number;
  /** The file seems to be another: its ETag and date differ, its bytes do not. */
  readonly changeEtag?: boolean;
  /** No ETag and no date. */
  readonly noValidators?: boolean;
  /** The ETag is a weak one. */
  readonly weakEtag?: boolean;
  /** The file seems to end after so many bytes. */
  readonly truncateFile?: number;
  /** The byte at this place of the file is another. */
  readonly flipByte?: number;
}

/** Decides which fault a request meets. */
export class FaultList {
  #faults: readonly { readonly fault: Fault; seen: number }[] = [];

  set(faults: readonly Fault[]): void {
    this.#faults = faults.map((fault) => ({ fault, seen: 0 }));
  }

  next(path: string): Fault {
    for (const entry of this.#faults) {
      if (!fits(entry.fault, path)) continue;
      const position = entry.seen++;
      const { after = 0, times = Infinity } = entry.fault;
      if (position >= after && position < after + times) return entry.fault;
    }
    return {};
  }
}

function fits({ path }: Fault, requested: string): boolean {
  if (path === undefined) return true;
  return typeof path === 'string' ? requested.endsWith(path) : path.test(requested);
}
