import { setTimeout as sleep } from 'node:timers/promises';
import { getClient } from '@temporalio/activity';
import { durable } from './durable';

const POLL_MILLISECONDS = 1_000;

/**
 * Waits until a workflow of another run is closed, however it ended: who asked then does the work, or finds it done.
 * Polls instead of awaiting the result, so that cancelling ends the wait at once.
 */
export async function awaitWorkflow(workflowId: string): Promise<void> {
  await durable(async ({ signal }) => {
    const handle = getClient().workflow.getHandle(workflowId);
    while ((await handle.describe()).status.name === 'RUNNING') {
      await sleep(POLL_MILLISECONDS, undefined, { signal });
    }
  });
}
