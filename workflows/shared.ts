import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy, type Workflow, type WorkflowResultType } from '@temporalio/workflow';
import { watch } from './activities';

/**
 * Runs a child workflow that other runs may need at the same time. Its id says what it makes: when one of that id is
 * under way already, this waits for it and then asks again, which costs nothing if its artifacts are there by now.
 */
export async function executeShared<T extends Workflow>(
  workflow: T,
  workflowId: string,
  summary: string,
  args: Parameters<T>,
): Promise<WorkflowResultType<T>> {
  for (;;) {
    try {
      return (await executeChild(workflow as Workflow, {
        workflowId,
        args,
        staticSummary: summary,
        // Without its run nobody waits for the bytes; what is there by then stays.
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      })) as WorkflowResultType<T>;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const label = { activityId: `await:${workflowId}`, summary: `Waits for ${workflowId}` };
      await watch('awaitWorkflow', label, workflowId);
    }
  }
}
