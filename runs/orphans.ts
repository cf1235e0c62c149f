import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { isOpen, quoted } from './find';

/** Cancels what the children of a run still do, when the run itself has ended: those that have not heard of it. */
export async function cancelOrphans(client: Client, workflowId: string): Promise<void> {
  const { status } = await client.workflow.getHandle(workflowId).describe();
  // It was reset, or began a new history, and joins them again.
  if (isOpen(status.name)) return;
  const query = `ParentWorkflowId = '${quoted(workflowId)}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId: child, runId } of client.workflow.list({ query })) {
    try {
      await client.workflow.getHandle(child, runId).cancel();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error; // it ended just now
    }
  }
}
