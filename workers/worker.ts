import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { NativeConnection, Runtime, TransportError, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Warning } from '../lib/contracts/progress';
import { builtModule } from '../lib/io/home';
import { workerIdentity } from '../runs/workersSeen';
import { deploymentOptions } from './deployment';
import { installTelemetry } from './telemetry';
import { serverUnreachable, type TemporalSettings } from './temporal';

/** Parts of a worker that its role decides. */
export type Role = Required<Pick<WorkerOptions, 'taskQueue' | 'activities' | 'maxConcurrentActivityTaskExecutions'>> &
  Pick<WorkerOptions, 'workflowBundle' | 'maxConcurrentWorkflowTaskExecutions'>;

/**
 * Runs the roles of one process until SIGTERM or SIGINT. Then it takes no new task, its activities stop at their next
 * safe point, and what they finished stays for the worker that goes on.
 *
 * @param store - address of the store that they work for
 * @param deployment - name of the worker deployment that they are part of, if of any
 * @param prepare - what to do with the connection before work begins
 */
export async function runWorker(
  settings: TemporalSettings,
  { store, deployment }: { readonly store: string; readonly deployment: string | undefined },
  roles: readonly Role[],
  prepare: (connection: NativeConnection) => Promise<void> = async () => undefined,
): Promise<void> {
  installTelemetry();
  try {
    const connection = await connect(settings);
    try {
      await prepare(connection);
      const workerDeploymentOptions = deploymentOptions(deployment);
      const workers = await Promise.all(
        roles.map((role) => createWorker(connection, settings, store, { ...role, workerDeploymentOptions })),
      );
      await runTogether(workers);
    } finally {
      await connection.close();
    }
  } finally {
    // Else it keeps a process alive that does no more work.
    await Runtime.instance().shutdown();
  }
}

async function connect(settings: TemporalSettings): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(settings.connection);
  } catch (error) {
    throw error instanceof TransportError ? serverUnreachable(settings, error) : error;
  }
}

async function createWorker(
  connection: NativeConnection,
  { namespace, dataConverter }: TemporalSettings,
  store: string,
  role: Role & Required<Pick<WorkerOptions, 'workerDeploymentOptions'>>,
): Promise<Worker> {
  return await Worker.create({
    connection,
    namespace,
    dataConverter,
    identity: workerIdentity(process.pid, hostname(), store),
    ...role,
    // Progress that people watch: the default of 0.8 heartbeat timeouts would show it every eight seconds.
    maxHeartbeatThrottleInterval: '1 second',
    // A killed worker's cached workflows move to another one after this long.
    stickyQueueScheduleToStartTimeout: '3 seconds',
    // Steps stop within a second or two; one that hangs must not hold up a restart.
    shutdownForceTime: '30 seconds',
  });
}

/** When one fails, the others end too, and the process with them: its supervisor starts it again whole. */
async function runTogether(workers: readonly Worker[]): Promise<void> {
  const stopOthers = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  await Promise.all(
    workers.map(async (worker) => {
      try {
        await worker.run();
      } finally {
        stopOthers();
      }
    }),
  );
}

/** What a store has to say, in the log of its worker. */
export function logWarning({ message, details }: Warning): void {
  Runtime.instance().logger.warn(message, { ...details });
}

/** The workflows, bundled at set-up: workers that share a bundle replay the same code. */
export function workflowBundle(): { codePath: string } {
  const codePath = builtModule('workflow-bundle.js');
  if (!existsSync(codePath)) throw new Error(`${codePath} is missing: run \`npm run setup\`.`);
  return { codePath };
}
