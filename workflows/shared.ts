import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  ParentClosePolicy,
  startChild,
  workflowInfo,
  type Workflow,
  type WorkflowResultType,
} from '@temporalio/workflow';
import { WORKFLOW_TASK_TIMEOUT } from '../lib/contracts/run';
import { watch } from './activities';

/** A child workflow that other runs may need at the same time. */
export interface SharedChild<T extends Workflow> {
  /** Says what the child makes. */
  readonly workflowId: string;
  readonly summary: string;
  /** Asked for when the child starts, which may be long after it was wanted first. */
  readonly input: () => Parameters<T>[0];
  /**
   * What becomes of the child when its parent is closed: also when that begins a new history. By default it is cancelled:
   * without its run nobody waits for the bytes, and what is there by then stays.
   */
  readonly parentClosePolicy?: ParentClosePolicy;
}

/**
 * Runs a child workflow, or waits for the one of its id that is under way already. If that is a child of this very run, its
 * result is the answer; else this asks again, which costs nothing if the artifacts are there by now.
 *
 * @param belongsTo - told of each child that this waits for whose it is, by workflow id
 */
export async function executeShared<T extends Workflow>(
  workflow: T,
  { workflowId, summary, input, parentClosePolicy = ParentClosePolicy.REQUEST_CANCEL }: SharedChild<T>,
  belongsTo: (run: string) => void = () => undefined,
): Promise<WorkflowResultType<T>> {
  const { workflowId: own } = workflowInfo();
  for (;;) {
    try {
      const child = await startChild(workflow as Workflow, {
        workflowId,
        args: [input()],
        staticSummary: summary,
        parentClosePolicy,
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      });
      belongsTo(own);
      return (await child.result()) as WorkflowResultType<T>;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    // Not even a pause keeps this from knowing whose child it is, and so whether the pause concerns it.
    const parent = await CancellationScope.nonCancellable(() =>
      watch('parentOf', { activityId: `parent:${workflowId}`, summary: `Whose ${workflowId} is` }, workflowId),
    );
    belongsTo(parent);
    const ended = parent === own ? await awaitOwn(workflowId) : await awaitEnd(workflowId);
    if (parent === own && ended !== undefined) return ended.result as WorkflowResultType<T>;
  }
}

function awaitEnd(workflowId: string): Promise<{ readonly result: unknown } | undefined> {
  return watch('awaitWorkflow', { activityId: `await:${workflowId}`, summary: `Waits for ${workflowId}` }, workflowId);
}

/** A child of this run that it began before it was reset, or in an earlier history, obeys nobody else: it is stopped here. */
async function awaitOwn(workflowId: string): ReturnType<typeof awaitEnd> {
  try {
    return await awaitEnd(workflowId);
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => stop(workflowId));
    throw error;
  }
}

async function stop(workflowId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).cancel();
  } catch (error) {
    log.info('A child has ended by itself', { workflowId, error });
  }
  await awaitEnd(workflowId);
}
