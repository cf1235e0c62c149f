import { createGpuActivities } from '../activities/gpu';
import { GPU_TASK_QUEUE } from '../lib/contracts/run';
import { runtimeInfo } from '../lib/model/runtime';
import { openStore } from '../lib/store';
import { meterGpuUse } from './gpuUse';
import { startPulse } from './health';
import { readSettings } from './settings';
import { installTelemetry } from './telemetry';
import { readTemporalSettings } from './temporal';
import { runWorker } from './worker';
import { Runtime } from '@temporalio/worker';

/** The gpu worker: the activities that use TensorFlow, one at a time unless it is told otherwise. Start one a GPU. */
export async function runGpuWorker(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const settings = readSettings(environment);
  const store = openStore(settings.store, environment);
  // Before Temporal's runtime is there, which would keep a process alive that cannot work.
  await store.check();
  installTelemetry();
  await startPulse('gpu');
  // Loads the library now: it takes seconds, and no activity should fall silent for them.
  const { warning, ...runtime } = runtimeInfo();
  Runtime.instance().logger.info('TensorFlow', { ...runtime });
  if (warning !== undefined) Runtime.instance().logger.warn(warning);
  if (runtime.device === 'gpu') meterGpuUse();
  await runWorker(readTemporalSettings(environment), [
    {
      taskQueue: GPU_TASK_QUEUE,
      activities: createGpuActivities({ store }),
      maxConcurrentActivityTaskExecutions: settings.gpuConcurrency,
    },
  ]);
}
