import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import { GPU_TASK_QUEUE, IO_TASK_QUEUE, WATCH_TASK_QUEUE } from '../lib/contracts/run';
import type { Activities } from '../activities';
import type { WatchActivities } from '../activities/watch';

/**
 * Workers beat once a second while they live, so ten seconds of silence mean that one died or lost the network; the
 * next worker goes on from the draft. An activity that was only slow does no harm: its writes are atomic and the same.
 */
const IO_SILENCE = '10 seconds';

/** TensorFlow holds the thread for up to two seconds a batch, and longer when a GPU warms up. */
const GPU_SILENCE = '20 seconds';

/** Short steps on tables and small files: what fails ten times has another cause than the moment. */
const brief: ActivityOptions = {
  taskQueue: IO_TASK_QUEUE,
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: IO_SILENCE,
  // A cancelled run has ended when its steps have: they stop within a second or two and leave whole files only.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 10 },
};

/** Bytes from afar: terabytes over a thin link. When ten attempts have failed, the workflow says so and goes on trying. */
const transfer: ActivityOptions = { ...brief, startToCloseTimeout: '30 days' };

/** A season's archive unpacks for hours; each attempt goes on with the entries that are left. */
const unpacking: ActivityOptions = { ...brief, startToCloseTimeout: '3 days' };

/** One at a time a GPU. Ten attempts: a worker that runs out of memory on the same shard again and again must not loop for ever. */
const computing: ActivityOptions = {
  ...brief,
  taskQueue: GPU_TASK_QUEUE,
  startToCloseTimeout: '7 days',
  heartbeatTimeout: GPU_SILENCE,
};

/** What only waits or looks: it does no work that could fail, so it is tried until it is no longer wanted. */
const watching: ActivityOptions = {
  ...brief,
  taskQueue: WATCH_TASK_QUEUE,
  startToCloseTimeout: '365 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

export const tables = proxyActivities<Activities>(brief);
export const transfers = proxyActivities<Activities>(transfer);
export const archives = proxyActivities<Activities>(unpacking);
export const gpu = proxyActivities<Activities>(computing);
export const watch = proxyActivities<WatchActivities>(watching);
