import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationDetails, getClient } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { durable } from './durable';

const POLL_MILLISECONDS = 1_000;

type WorkflowHandle = ReturnType<ReturnType<typeof getClient>['workflow']['getHandle']>;

/**
 * Waits until a workflow is closed, however it ended: who asked then does the work, or finds it done. As a rule it is the
 * child of another run, and cancelling ends the wait alone. A child of this very run, which was reset since it began it,
 * obeys nobody else: cancelling ends the child too.
 */
export async function awaitWorkflow(workflowId: string): Promise<void> {
  await durable(async ({ signal }) => {
    const handle = getClient().workflow.getHandle(workflowId);
    try {
      await closed(handle, signal);
    } catch (error) {
      if (cancellationDetails()?.cancelRequested === true && (await isOwnChild(handle))) await end(handle);
      throw error;
    }
  });
}

/** Polls instead of awaiting the result, so that a wait can be ended at once. */
async function closed(handle: WorkflowHandle, signal?: AbortSignal): Promise<void> {
  while ((await handle.describe()).status.name === 'RUNNING') await sleep(POLL_MILLISECONDS, undefined, { signal });
}

async function isOwnChild(handle: WorkflowHandle): Promise<boolean> {
  const { parentExecution } = await handle.describe();
  return parentExecution?.workflowId === activityInfo().workflowExecution?.workflowId;
}

async function end(handle: WorkflowHandle): Promise<void> {
  try {
    await handle.cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error; // it ended just now
  }
  await closed(handle);
}
