import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import type { Bandwidth, Standing, UPDATES } from '../lib/contracts/control';
import { isSerengetiError, SerengetiError } from '../lib/contracts/errors';
import { PROGRESS_QUERY, type RunProgress } from '../lib/contracts/run';

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

/**
 * Goes on with a paused run, and with what of it somebody paused by itself: its own children, and single activities.
 *
 * @throws SerengetiError as of {@link command}
 */
export async function resumeRun(client: Client, workflowId: string): Promise<void> {
  const unpaused = await unpauseActivities(client, workflowId);
  try {
    await command(client, workflowId, 'resume');
  } catch (error) {
    if (unpaused === 0 || !isSerengetiError(error) || error.code !== 'NOT_NOW') throw error;
  }
}

/** @returns how many there were, in the run and its own children */
async function unpauseActivities(client: Client, workflowId: string): Promise<number> {
  const handle = client.workflow.getHandle(workflowId);
  const { raw } = await handle.describe();
  const paused = (raw.pendingActivities ?? []).filter((activity) => activity.paused === true);
  for (const { activityId } of paused) {
    await client.connection.workflowService.unpauseActivity({
      namespace: client.options.namespace,
      execution: { workflowId },
      id: activityId!,
    });
  }
  const children = await ownChildren(handle);
  const inChildren = await Promise.all(children.map((child) => unpauseActivities(client, child)));
  return inChildren.reduce((sum, count) => sum + count, paused.length);
}

async function ownChildren(handle: WorkflowHandle): Promise<string[]> {
  const { children, awaited } = await handle.query<RunProgress>(PROGRESS_QUERY);
  return children.filter((child) => awaited.every(({ workflowId }) => workflowId !== child));
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
