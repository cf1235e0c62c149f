import { SerengetiError, isSerengetiError } from '../contracts/errors';
import { asSystemError } from './systemErrors';

/** An error on its way from another thread or process: cloned as it is, it would lose its code. */
export interface CloneableError {
  readonly message: string;
  readonly code?: string | undefined;
  /** Of a SerengetiError. */
  readonly details?: SerengetiError['details'];
  /** Of an error that nobody expects. */
  readonly stack?: string | undefined;
}

export function toCloneable(thrown: unknown): CloneableError {
  const error = asSystemError(thrown);
  const { message, stack } = error as Error;
  return isSerengetiError(error)
    ? { message, code: error.code, details: error.details }
    : { message, code: (error as NodeJS.ErrnoException).code, stack };
}

export function fromCloneable({ message, code, details, stack }: CloneableError): Error {
  return details === undefined
    ? Object.assign(new Error(message), { code, stack })
    : new SerengetiError(code as SerengetiError['code'], message, { details });
}
