import { ApplicationFailure } from '@temporalio/workflow';
import { isSerengetiError } from '../lib/contracts/errors';

/** A workflow's input as `parse` gives it; one that is wrong ends the workflow at once, with every problem. */
export function acceptInput<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!isSerengetiError(error)) throw error;
    throw ApplicationFailure.nonRetryable(error.message, error.code, error.details);
  }
}
