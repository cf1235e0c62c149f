/** What a mirror says about a file without sending it. */
export interface FileFacts {
  /** Absent when the server does not say. */
  readonly bytes?: number;
  readonly etag?: string;
  readonly lastModified?: string;
  /** Whether the mirror sends parts of the file. */
  readonly ranges: boolean;
}

export interface ByteRange {
  /** First byte. */
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
}

export interface ReadRequest {
  /** Absent: the whole file from its first byte. */
  readonly range?: ByteRange;
  /** What the file has to be still; another one is a SourceFailure that says `restart`. */
  readonly pinned?: FileFacts;
}

/**
 * Takes the bytes of a file as they come. While its promise is pending no more are sent.
 *
 * @returns whether to go on
 */
export type Sink = (chunk: Uint8Array) => boolean | Promise<boolean>;

/** Reads files at addresses of one kind. All errors are {@link SourceFailure}, the sink's own, or the signal's reason. */
export interface Transport {
  facts(url: string, signal?: AbortSignal): Promise<FileFacts>;
  /** Hands exactly the bytes asked for to the sink, unless that has enough before. */
  read(url: string, request: ReadRequest, sink: Sink, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** How patient transfers are. Times in milliseconds. */
export interface TransferPolicy {
  readonly connectTimeoutMs: number;
  /** From the request to the answer's first byte. */
  readonly answerTimeoutMs: number;
  /** Without a single byte in the body. */
  readonly stallTimeoutMs: number;
  /** Failures of a mirror in a row, without a byte between them, after which it is given up. */
  readonly attempts: number;
  /** The first pause; each further one doubles, with jitter. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
  /** A connection that is slower than `slowShare` of the best mirror for so long goes on at another. */
  readonly slowAfterMs: number;
  readonly slowShare: number;
}

export const TRANSFER_POLICY: TransferPolicy = {
  connectTimeoutMs: 15_000,
  answerTimeoutMs: 30_000,
  stallTimeoutMs: 30_000,
  attempts: 6,
  pauseMs: 500,
  longestPauseMs: 30_000,
  slowAfterMs: 5_000,
  slowShare: 1 / 8,
};

/** Whether two descriptions can be of the same file: what one of them does not say is not held against it. */
export function sameFile(a: FileFacts, b: FileFacts): boolean {
  const agree = (key: 'bytes' | 'etag' | 'lastModified'): boolean =>
    a[key] === undefined || b[key] === undefined || a[key] === b[key];
  return agree('bytes') && agree('etag') && (bothHave(a, b, 'etag') || agree('lastModified'));
}

function bothHave(a: FileFacts, b: FileFacts, key: keyof FileFacts): boolean {
  return a[key] !== undefined && b[key] !== undefined;
}
