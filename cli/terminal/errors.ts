import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { isSerengetiError } from '../../lib/contracts/errors';
import { asRefusal } from '../../lib/io/systemErrors';
import { exitCodeOf } from '../exitCodes';

/** Prints what went wrong and what to do, and makes the process end with the exit code for it. */
export function reportError(error: unknown, output: NodeJS.WriteStream = process.stderr): void {
  output.write(`\nerror: ${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

/** A sentence for errors that are understood; the stack for those that are not. */
export function describeError(error: unknown): string {
  const root = asRefusal(rootFailure(error));
  if (isSerengetiError(root)) return `${root.message}\n${root.repair} (${root.code})`;
  if (root instanceof ApplicationFailure) return `${root.message} (${root.type ?? 'ApplicationFailure'})`;
  if (root instanceof CancelledFailure) return 'The run was cancelled; what it finished stays.';
  if (root instanceof TimeoutFailure) return `A step took too long: ${root.message}`;
  if (root instanceof Error) return root.stack ?? root.message;
  return String(root);
}

/** Workflow failures wrap the activity's, which wraps the step's: people want the innermost. */
function rootFailure(error: unknown): unknown {
  const wraps =
    error instanceof WorkflowFailedError || error instanceof ChildWorkflowFailure || error instanceof ActivityFailure;
  return wraps && error.cause !== undefined ? rootFailure(error.cause) : error;
}
