import { SerengetiError, type ErrorCode } from '../../contracts/errors';

/** What a server's refusals mean. Whatever is not here may pass: the server is away, busy or broken. */
const REFUSALS: Readonly<Record<string, ErrorCode>> = {
  AccessDenied: 'STORE_FORBIDDEN',
  AccountProblem: 'STORE_FORBIDDEN',
  AllAccessDisabled: 'STORE_FORBIDDEN',
  CredentialsProviderError: 'STORE_FORBIDDEN',
  InvalidAccessKeyId: 'STORE_FORBIDDEN',
  InvalidToken: 'STORE_FORBIDDEN',
  MethodNotAllowed: 'STORE_FORBIDDEN',
  SignatureDoesNotMatch: 'STORE_FORBIDDEN',
  // The SDK has set its clock by the server's before this comes through.
  RequestTimeTooSkewed: 'STORE_FORBIDDEN',
  InvalidBucketName: 'STORE_MISSING',
  NoSuchBucket: 'STORE_MISSING',
  PermanentRedirect: 'STORE_MISSING',
};

/** The same for answers without a body, which name no reason. */
const REFUSED_STATUSES: Readonly<Record<number, ErrorCode>> = {
  301: 'STORE_MISSING',
  401: 'STORE_FORBIDDEN',
  403: 'STORE_FORBIDDEN',
  405: 'STORE_FORBIDDEN',
};

interface ServiceError extends Error {
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/**
 * The product's error for one of the SDK's.
 *
 * @param action - what was tried, as in `read`
 * @param uri - of the object or the bucket
 */
export function asStoreError(error: unknown, action: string, uri: string, signal?: AbortSignal): unknown {
  signal?.throwIfAborted();
  if (!(error instanceof Error) || error instanceof SerengetiError) return error;
  const { name, message, $metadata: { httpStatusCode: status, attempts } = {} } = error as ServiceError;
  const code =
    (Object.hasOwn(REFUSALS, name) ? REFUSALS[name] : undefined) ??
    (name === 'ExpiredToken' ? undefined : REFUSED_STATUSES[status ?? 0]) ??
    'STORE_UNREACHABLE';
  const answer = [name === 'Error' ? '' : name, status === undefined ? '' : `HTTP ${status}`]
    .filter(Boolean)
    .join(', ');
  const tries = attempts !== undefined && attempts > 1 ? ` after ${attempts} attempts` : '';
  const text = `Could not ${action} ${uri}${tries}: ${message}${answer === '' ? '' : ` (${answer})`}`;
  return new SerengetiError(code, text, {
    cause: error,
    details: { uri, ...(status === undefined ? {} : { status }) },
  });
}

/** Whether the error says that there is no such object, and not that there is no such bucket. */
export function isNoSuchObject(error: unknown): boolean {
  const { name, $metadata } = error as ServiceError;
  return name === 'NoSuchKey' || name === 'NotFound' || (name !== 'NoSuchBucket' && $metadata?.httpStatusCode === 404);
}

/** Whether a conditional write lost: another writer's object is there, or is being written at this moment. */
export function isPreconditionFailed(error: unknown): boolean {
  const { name, $metadata } = error as ServiceError;
  return name === 'PreconditionFailed' || name === 'ConditionalRequestConflict' || $metadata?.httpStatusCode === 412;
}

/** Whether the upload in parts is over: completed or aborted by another. */
export function isNoSuchUpload(error: unknown): boolean {
  return (error as ServiceError).name === 'NoSuchUpload';
}
