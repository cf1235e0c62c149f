import { Runtime } from '@temporalio/worker';
import { createActivities } from '../activities';
import { GPU_TASK_QUEUE } from '../lib/contracts/run';
import { runtimeInfo, type RuntimeInfo } from '../lib/model/runtime';
import { openStore } from '../lib/store';
import { meterGpuUse } from './gpuUse';
import { startPulse } from './health';
import { readSettings } from './settings';
import { readTemporalSettings } from './temporal';
import { logWarning, runWorker } from './worker';

/** The gpu worker: the activities that use TensorFlow, one at a time unless it is told otherwise. Start one a GPU. */
export async function runGpuWorker(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const settings = readSettings(environment);
  const temporal = readTemporalSettings(environment);
  const store = openStore(settings.store, environment, logWarning);
  await store.check();
  // Loads the library now: it takes seconds, and no activity should fall silent for them.
  const runtime = runtimeInfo();
  await startPulse('gpu');
  await runWorker(
    temporal,
    { store: store.uri, deployment: settings.deployment },
    [
      {
        taskQueue: GPU_TASK_QUEUE,
        activities: createActivities({ store, sampleUrl: settings.sampleUrl }, GPU_TASK_QUEUE),
        maxConcurrentActivityTaskExecutions: settings.gpuConcurrency,
      },
    ],
    async () => report(runtime),
  );
}

/** What models run on, for the log and the figures. */
function report({ warning, ...runtime }: RuntimeInfo): void {
  const { logger } = Runtime.instance();
  logger.info('TensorFlow', { ...runtime });
  if (warning !== undefined) logger.warn(warning);
  if (runtime.device === 'gpu') meterGpuUse();
}
