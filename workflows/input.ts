import { ApplicationFailure, setCurrentDetails } from '@temporalio/workflow';
import { isSerengetiError } from '../lib/contracts/errors';

/** A workflow's input as `parse` gives it; one that is wrong ends the workflow at once, with every problem. */
export function acceptInput<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!isSerengetiError(error)) throw error;
    setCurrentDetails(`**The input is wrong; nothing was started.**\n\n${error.message}`);
    throw ApplicationFailure.nonRetryable(error.message, error.code, error.details);
  }
}
