import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationDetails, getClient } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { durable } from './durable';

const POLL_MILLISECONDS = 1_000;

type WorkflowHandle = ReturnType<ReturnType<typeof getClient>['workflow']['getHandle']>;
type WorkflowExecutionDescription = Awaited<ReturnType<WorkflowHandle['describe']>>;

/**
 * Waits until a workflow is closed, however it ended. As a rule it is the child of another run, and cancelling ends the
 * wait alone. A child of this very run, which was reset or began a new history since it began it, obeys nobody else:
 * cancelling ends the child too.
 *
 * @returns what a child of this very run gave back; nothing of others: who asked then does the work, or finds it done
 */
export async function awaitWorkflow(workflowId: string): Promise<{ readonly result: unknown } | undefined> {
  return await durable(async ({ signal }) => {
    const handle = getClient().workflow.getHandle(workflowId);
    try {
      const { status } = await closed(handle, signal);
      return status.name === 'COMPLETED' && (await isOwnChild(handle))
        ? { result: (await handle.result()) as unknown }
        : undefined;
    } catch (error) {
      if (cancellationDetails()?.cancelRequested === true && (await isOwnChild(handle))) await end(handle);
      throw error;
    }
  });
}

/** Polls instead of awaiting the result, so that a wait can be ended at once. */
async function closed(handle: WorkflowHandle, signal?: AbortSignal): Promise<WorkflowExecutionDescription> {
  for (;;) {
    const description = await handle.describe();
    if (description.status.name !== 'RUNNING') return description;
    await sleep(POLL_MILLISECONDS, undefined, { signal });
  }
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
