import { setTimeout as sleep } from 'node:timers/promises';
import { getClient } from '@temporalio/activity';
import { isOpen } from '../runs/find';
import { durable } from './durable';

const POLL_MILLISECONDS = 1_000;

/** Workflow id of the run that a workflow is a child of; its own where it is nobody's. */
export async function parentOf(workflowId: string): Promise<string> {
  return await durable(async () => {
    const { parentExecution } = await getClient().workflow.getHandle(workflowId).describe();
    return parentExecution?.workflowId ?? workflowId;
  });
}

/**
 * Waits until a workflow is closed, however it ended. Polls instead of awaiting the result, so that the wait can be ended
 * at once.
 *
 * @returns what it gave back, where it ended well
 */
export async function awaitWorkflow(workflowId: string): Promise<{ readonly result: unknown } | undefined> {
  return await durable(async ({ signal }) => {
    const handle = getClient().workflow.getHandle(workflowId);
    for (;;) {
      const { status } = await handle.describe();
      if (status.name === 'COMPLETED') return { result: (await handle.result()) as unknown };
      if (!isOpen(status.name)) return undefined;
      await sleep(POLL_MILLISECONDS, undefined, { signal });
    }
  });
}
