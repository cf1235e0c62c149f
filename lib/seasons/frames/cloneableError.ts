import { SerengetiError, isSerengetiError } from '../../contracts/errors';

/** An error on its way from another thread: cloned as it is, it would lose its code. */
export interface CloneableError {
  readonly message: string;
  readonly code?: string | undefined;
  /** Of a SerengetiError. */
  readonly details?: SerengetiError['details'];
}

export function toCloneable(error: unknown): CloneableError {
  const { message } = error as Error;
  return isSerengetiError(error)
    ? { message, code: error.code, details: error.details }
    : { message, code: (error as NodeJS.ErrnoException).code };
}

export function fromCloneable({ message, code, details }: CloneableError): Error {
  return details === undefined
    ? Object.assign(new Error(message), { code })
    : new SerengetiError(code as SerengetiError['code'], message, { details });
}
