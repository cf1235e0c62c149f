import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy, type Workflow, type WorkflowResultType } from '@temporalio/workflow';
import { watch } from './activities';

/**
 * Runs a child workflow that other runs may need at the same time. Its id says what it makes: when one of that id is
 * under way already, this waits for it. If it is a child of this very run, its result is the answer; else this asks again,
 * which costs nothing if the artifacts are there by now.
 *
 * @param parentClosePolicy - what becomes of the child when its parent is closed: also when that begins a new history
 */
export async function executeShared<T extends Workflow>(
  workflow: T,
  workflowId: string,
  summary: string,
  args: Parameters<T>,
  // Without its run nobody waits for the bytes; what is there by then stays.
  parentClosePolicy: ParentClosePolicy = ParentClosePolicy.REQUEST_CANCEL,
): Promise<WorkflowResultType<T>> {
  for (;;) {
    try {
      return (await executeChild(workflow as Workflow, {
        workflowId,
        args,
        staticSummary: summary,
        parentClosePolicy,
      })) as WorkflowResultType<T>;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const label = { activityId: `await:${workflowId}`, summary: `Waits for ${workflowId}` };
      const ended = await watch('awaitWorkflow', label, workflowId);
      if (ended !== undefined) return ended.result as WorkflowResultType<T>;
    }
  }
}
