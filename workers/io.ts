import { Runtime, type NativeConnection } from '@temporalio/worker';
import { createActivities } from '../activities';
import { createWatchActivities } from '../activities/watch';
import { IO_TASK_QUEUE, TRANSFER_TASK_QUEUE, WATCH_TASK_QUEUE } from '../lib/contracts/run';
import { openStore } from '../lib/store';
import { isRefused, registerSearchAttributes } from '../runs/searchAttributes';
import { startPulse } from './health';
import { readSettings } from './settings';
import { readTemporalSettings } from './temporal';
import { logWarning, runWorker, workflowBundle } from './worker';

/** Activities that only wait and look: each costs next to nothing. */
const WATCH_CONCURRENCY = 200;

/** The io worker: workflows, the activities that move bytes and tables, and those that watch. */
export async function runIoWorker(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const settings = readSettings(environment);
  const temporal = readTemporalSettings(environment);
  const store = openStore(settings.store, environment, logWarning);
  const dependencies = { store, sampleUrl: settings.sampleUrl };
  await store.check();
  await startPulse('io');
  await runWorker(
    temporal,
    { store: store.uri, deployment: settings.deployment },
    [
      {
        taskQueue: IO_TASK_QUEUE,
        workflowBundle: workflowBundle(),
        activities: createActivities(dependencies, IO_TASK_QUEUE),
        maxConcurrentActivityTaskExecutions: settings.ioConcurrency,
        maxConcurrentWorkflowTaskExecutions: settings.workflowTasks,
      },
      {
        taskQueue: TRANSFER_TASK_QUEUE,
        activities: createActivities(dependencies, TRANSFER_TASK_QUEUE),
        maxConcurrentActivityTaskExecutions: settings.transfers,
      },
      {
        taskQueue: WATCH_TASK_QUEUE,
        activities: createWatchActivities(),
        maxConcurrentActivityTaskExecutions: WATCH_CONCURRENCY,
      },
    ],
    (connection) => offerSearchAttributes(connection, temporal.namespace),
  );
}

/** Where the server lets nobody add search attributes, lists do without; the log says how to have them. */
async function offerSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  try {
    await registerSearchAttributes(connection, namespace);
  } catch (error) {
    if (!isRefused(error)) throw error;
    Runtime.instance().logger.warn('The server does not let this worker add its search attributes', { error });
  }
}
