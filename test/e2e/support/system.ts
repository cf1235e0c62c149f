import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, type Connection } from '@temporalio/client';
import { freePort } from '../../../workers/ports';
import { Supervised } from '../../../workers/supervisor';
import { connectWhenReady, temporalServer } from '../../../workers/temporalServer';
import { Program, WITHOUT_PYTHON } from './processes';

export type WorkerRole = 'io' | 'gpu';

/** A real Temporal server and workers of the built program, on a store of their own. */
export interface System {
  readonly client: Client;
  /** Address of Temporal's UI. */
  readonly uiUrl: string;
  readonly folder: string;
  readonly storeUri: string;
  readonly workers: Map<WorkerRole, Program>;
  /** What a command of the program needs to know of this system. */
  readonly environment: NodeJS.ProcessEnv;
  startWorker(role: WorkerRole, environment?: NodeJS.ProcessEnv): Program;
  stop(): Promise<void>;
}

export async function startSystem(): Promise<System> {
  const folder = await mkdtemp(join(tmpdir(), 'serengeti-e2e-'));
  const [port, uiPort] = [await freePort(0), await freePort(0)];
  const server = new Supervised(
    temporalServer({
      port,
      uiPort,
      databaseFile: join(folder, 'temporal.db'),
      logFile: join(folder, 'temporal.log'),
    }),
  );
  const address = `127.0.0.1:${port}`;
  const connection: Connection = await connectWhenReady(address);
  const workers = new Map<WorkerRole, Program>();
  const storeUri = pathToFileURL(join(folder, 'store', '/')).href;
  const base = { TEMPORAL_ADDRESS: address, SERENGETI_STORE: storeUri, ...WITHOUT_PYTHON };
  return {
    client: new Client({ connection }),
    uiUrl: `http://127.0.0.1:${uiPort}`,
    folder,
    storeUri,
    workers,
    environment: base,
    startWorker: (role, environment = {}) => {
      const worker = new Program(['worker', role], { ...base, ...environment });
      workers.set(role, worker);
      return worker;
    },
    stop: async () => {
      await Promise.all([...workers.values()].map((worker) => worker.stop()));
      await connection.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
