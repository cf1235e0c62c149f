import {
  ActivityCancellationType,
  proxyActivities,
  type ActivityFunctionWithOptions,
  type ActivityOptions,
} from '@temporalio/workflow';
import { GPU_TASK_QUEUE, IO_TASK_QUEUE, WATCH_TASK_QUEUE } from '../lib/contracts/run';
import { TASKS, type TaskName } from '../lib/contracts/tasks';
import type { Activities } from '../activities';
import type { WatchActivities } from '../activities/watch';

/**
 * Workers beat once a second while they live, so ten seconds of silence mean that one died or lost the network; the
 * next worker goes on from the draft. An activity that was only slow does no harm: its writes are atomic and the same.
 * TensorFlow holds the thread for up to two seconds a batch, and longer when a GPU warms up.
 */
const SILENCE = { [IO_TASK_QUEUE]: '10 seconds', [GPU_TASK_QUEUE]: '20 seconds' } as const;

const common: ActivityOptions = {
  startToCloseTimeout: '365 days',
  heartbeatTimeout: SILENCE[IO_TASK_QUEUE],
  // A cancelled run has ended when its steps have: they stop within a second or two and leave whole files only.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

const tasks = proxyActivities<Activities>({
  ...common,
  // What fails ten times has another cause than the moment: the workflow says so, and goes on trying where that can help.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 10 },
});

/** What only waits or looks: it does no work that could fail, so it is tried until it is no longer wanted. */
export const watch = proxyActivities<WatchActivities>({
  ...common,
  taskQueue: WATCH_TASK_QUEUE,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

export type TaskInput<N extends TaskName> = Parameters<Activities[N]>[0];
export type TaskResult<N extends TaskName> = Awaited<ReturnType<Activities[N]>>;

/** What people see of a task in the Temporal UI. */
export interface Label {
  /** Activity id: tells the parts of a step apart. */
  readonly id: string;
  readonly summary: string;
}

/** Has a worker of the task's queue do it. */
export async function call<N extends TaskName>(
  name: N,
  { id, summary }: Label,
  input: TaskInput<N>,
): Promise<TaskResult<N>> {
  const { queue, limit } = TASKS[name];
  const activity = tasks[name] as ActivityFunctionWithOptions<(input: TaskInput<N>) => Promise<TaskResult<N>>>;
  return await activity.executeWithOptions(
    { activityId: id, summary, taskQueue: queue, startToCloseTimeout: limit, heartbeatTimeout: SILENCE[queue] },
    [input],
  );
}
