import { ActivityFailure, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  ActivityCancellationType,
  CancellationScope,
  proxyActivities,
  type ActivityFunctionWithOptions,
  type ActivityOptions,
  workflowInfo,
} from '@temporalio/workflow';
import { GPU_TASK_QUEUE, IO_TASK_QUEUE, TRANSFER_TASK_QUEUE, WATCH_TASK_QUEUE } from '../lib/contracts/run';
import { priorityOf, TASKS, type TaskName } from '../lib/contracts/tasks';
import type { Activities } from '../activities';
import type { WatchActivities } from '../activities/watch';

/**
 * Workers beat once a second while they live, so ten seconds of silence mean that one died or lost the network; the
 * next worker goes on from the draft. An activity that was only slow does no harm: its writes are atomic and the same.
 * TensorFlow holds the thread for up to two seconds a batch, and longer when a GPU warms up.
 */
const SILENCE = {
  [IO_TASK_QUEUE]: '10 seconds',
  [TRANSFER_TASK_QUEUE]: '10 seconds',
  [GPU_TASK_QUEUE]: '20 seconds',
} as const;

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

/**
 * How an attempt ends that was interrupted: by the worker's end, as our shell says it or the SDK in its stead; or by a
 * person who paused or reset the activity. None of them says anything of the work.
 */
const INTERRUPTIONS: readonly unknown[] = ['WORKER_STOPPED', 'WorkerShutdown', 'ActivityPause', 'ActivityReset'];

/** What only waits or looks: it does no work that could fail, so it is tried until it is no longer wanted. */
const watching = proxyActivities<WatchActivities>({
  ...common,
  taskQueue: WATCH_TASK_QUEUE,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Of the 400 bytes that the server takes, with room for letters of several. */
const MOST_SUMMARY_CHARACTERS = 200;

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
  const options: ActivityOptions = {
    activityId: id,
    summary: shortened(summary),
    taskQueue: queue,
    startToCloseTimeout: limit,
    heartbeatTimeout: SILENCE[queue],
    priority: { priorityKey: priorityOf(name), fairnessKey: fairnessKey() },
  };
  return await throughRestarts(() => activity.executeWithOptions(options, [input]));
}

/** Runs share a queue: a shard of each in turn, not all of one and then all of the next. Keys have at most 64 bytes. */
function fairnessKey(): string {
  const { root, workflowId } = workflowInfo();
  return (root?.workflowId ?? workflowId).slice(-16);
}

/** Has a worker wait or look. */
export async function watch<N extends keyof WatchActivities>(
  name: N,
  options: Pick<ActivityOptions, 'activityId' | 'summary'>,
  ...input: Parameters<WatchActivities[N]>
): Promise<Awaited<ReturnType<WatchActivities[N]>>> {
  const activity = watching[name] as ActivityFunctionWithOptions<
    (...input: Parameters<WatchActivities[N]>) => Promise<Awaited<ReturnType<WatchActivities[N]>>>
  >;
  return await throughRestarts(() => activity.executeWithOptions(options, input));
}

/**
 * Schedules an activity anew for as long as its attempts end only because they were interrupted. Temporal itself would
 * count each of them: ten restarts of workers would end what takes weeks.
 */
async function throughRestarts<T>(schedule: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await schedule();
    } catch (error) {
      if (!isInterruption(error)) throw error;
      // A worker that ended before it heard of the cancellation has done what that asks for.
      if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Cancelled');
    }
  }
}

function isInterruption(error: unknown): boolean {
  if (!(error instanceof ActivityFailure)) return false;
  const { cause } = error;
  return cause instanceof ApplicationFailure && INTERRUPTIONS.includes(cause.type);
}

/** The server refuses a longer summary, and with it the workflow's task, at every try. */
function shortened(summary: string): string {
  return summary.length > MOST_SUMMARY_CHARACTERS ? `${summary.slice(0, MOST_SUMMARY_CHARACTERS - 1)}…` : summary;
}
