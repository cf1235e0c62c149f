import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import type { Bandwidth, Standing, UPDATES } from '../lib/contracts/control';
import { SerengetiError } from '../lib/contracts/errors';

/** A pause waits for running steps to stop; a worker that was killed is given up only after its silence. */
const ANSWER_MILLISECONDS = 60_000;
const DEADLINE_EXCEEDED = 4;

/**
 * Sends an update to a run and waits for what it answers.
 *
 * @throws SerengetiError NOT_NOW when the run refuses it, WORKER_ABSENT when nobody answers, RUN_UNKNOWN
 */
export async function command(
  client: Client,
  workflowId: string,
  update: keyof typeof UPDATES,
  argument?: Bandwidth,
): Promise<Standing> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await client.withDeadline(Date.now() + ANSWER_MILLISECONDS, () =>
      argument === undefined
        ? handle.executeUpdate<Standing, []>(update)
        : handle.executeUpdate<Standing, [Bandwidth]>(update, { args: [argument] }),
    );
  } catch (error) {
    throw asSerengetiError(error, workflowId);
  }
}

function asSerengetiError(error: unknown, workflowId: string): unknown {
  if (error instanceof WorkflowUpdateFailedError) {
    return new SerengetiError('NOT_NOW', error.cause?.message ?? error.message, { cause: error });
  }
  if (error instanceof WorkflowNotFoundError) {
    return new SerengetiError('RUN_UNKNOWN', `The run ${workflowId} has ended`, { cause: error });
  }
  const unanswered =
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    (isGrpcServiceError(error) && Number(error.code) === DEADLINE_EXCEEDED);
  if (!unanswered) return error;
  const message = `No worker answered for the run ${workflowId} within ${ANSWER_MILLISECONDS / 1000} s`;
  return new SerengetiError('WORKER_ABSENT', message, { cause: error });
}
