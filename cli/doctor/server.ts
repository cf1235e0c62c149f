import { isSerengetiError } from '../../lib/contracts/errors';
import { counted } from '../../lib/contracts/format';
import { GPU_TASK_QUEUE, IO_TASK_QUEUE, TRANSFER_TASK_QUEUE } from '../../lib/contracts/run';
import { workersOf } from '../../runs/workersSeen';
import { withClient, type Connected } from '../client';
import { fail, ok, warn, type Finding } from './finding';

const QUEUES = [
  [IO_TASK_QUEUE, 'worker io'],
  [TRANSFER_TASK_QUEUE, 'worker io'],
  [GPU_TASK_QUEUE, 'worker gpu'],
] as const;

/** The Temporal server, its namespace, and whether workers ask it for work. */
export async function checkServer(): Promise<Finding[]> {
  try {
    return await withClient(async (connected) => [await checkNamespace(connected), ...(await checkWorkers(connected))]);
  } catch (error) {
    const advice = isSerengetiError(error) ? error.repair : 'Check TEMPORAL_ADDRESS and the settings beside it.';
    return [fail('server', (error as Error).message, advice)];
  }
}

async function checkNamespace({ client, uiUrl }: Connected): Promise<Finding> {
  const { connection, options } = client;
  const { namespace } = options;
  try {
    await connection.workflowService.describeNamespace({ namespace });
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    return ok('server', `Temporal ${serverVersion}, namespace ${namespace}${uiUrl === undefined ? '' : `, ${uiUrl}`}`);
  } catch (error) {
    const advice = `Create the namespace: \`temporal operator namespace create -n ${namespace}\`, or set TEMPORAL_NAMESPACE.`;
    return fail('server', `The namespace ${namespace} cannot be used: ${(error as Error).message}`, advice);
  }
}

async function checkWorkers({ client }: Connected): Promise<Finding[]> {
  return await Promise.all(
    QUEUES.map(async ([taskQueue, command]) => {
      const alive = await workersOf(client, taskQueue);
      if (alive.length > 0) return ok('workers', `${counted(alive.length, 'worker')} on the queue ${taskQueue}`);
      return warn(
        'workers',
        `none on the queue ${taskQueue}: runs wait`,
        `Start one: \`npm run serengeti -- ${command}\`.`,
      );
    }),
  );
}
