import { createIoActivities } from '../activities/io';
import { IO_TASK_QUEUE } from '../lib/contracts/run';
import { openStore } from '../lib/store';
import { installLogging } from './logging';
import { readSettings } from './settings';
import { runWorker, workflowBundle } from './worker';

/** The io worker: workflows, and the activities that move bytes and tables. */
export async function runIoWorker(): Promise<void> {
  const settings = readSettings();
  installLogging();
  await runWorker(settings, {
    taskQueue: IO_TASK_QUEUE,
    workflowBundle: workflowBundle(),
    activities: createIoActivities({ store: openStore(settings.store), sampleUrl: settings.sampleUrl }),
    maxConcurrentActivityTaskExecutions: settings.ioConcurrency,
  });
}
