import { makeContinueAsNewFunc, type Workflow } from '@temporalio/workflow';
import { WORKFLOW_TASK_TIMEOUT } from '../lib/contracts/run';

/** Begins the workflow anew. Where versions of workers are told apart, the new history belongs to the current one. */
export async function beginNewHistory<T extends Workflow>(...args: Parameters<T>): Promise<never> {
  return await makeContinueAsNewFunc<T>({
    initialVersioningBehavior: 'AUTO_UPGRADE',
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  })(...args);
}
