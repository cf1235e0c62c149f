import { makeContinueAsNewFunc, type Workflow } from '@temporalio/workflow';

/** Begins the workflow anew. Where versions of workers are told apart, the new history belongs to the current one. */
export async function beginNewHistory<T extends Workflow>(...args: Parameters<T>): Promise<never> {
  return await makeContinueAsNewFunc<T>({ initialVersioningBehavior: 'AUTO_UPGRADE' })(...args);
}
