import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@temporalio/client';
import { serveFolder, type FolderServer } from '../../../simulator';
import { openStore, type ArtifactStore } from '../../../lib/store';
import { freePort } from '../../../workers/ports';
import { Supervised } from '../../../workers/supervisor';
import { readTemporalSettings } from '../../../workers/temporal';
import { connectWhenReady, temporalServer } from '../../../workers/temporalServer';
import { S3Server } from '../../support/s3Server';
import { createNetwork, type Host } from './hosts';
import { Program, WITHOUT_PYTHON } from './processes';

const BUCKET = 'fleet';

/** A Temporal server, an S3 server and a mirror on one side, workers on hosts of their own on the other. */
export interface Fleet {
  readonly client: Client;
  /** Sees the server's payloads as they are stored. */
  readonly withoutKey: Client;
  readonly store: ArtifactStore;
  readonly storeUri: string;
  readonly mirror: FolderServer;
  /** Of the store, where it is a bucket. */
  readonly s3: S3Server | undefined;
  /** Whether the hosts have networks of their own, or only folders. */
  readonly hasNetwork: boolean;
  /** Starts a worker on a host of its own. */
  startWorker(role: 'io' | 'gpu', environment?: NodeJS.ProcessEnv): Program;
  stop(): Promise<void>;
}

/**
 * @param published - folder that the mirror serves
 * @param hosts - how many workers can be started on hosts of their own; 0: all on this machine, with a store in a folder
 */
export async function startFleet(published: string, hosts: number): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), 'serengeti-fleet-'));
  const network = hosts > 0 ? await createNetwork(hosts) : undefined;
  const host = network?.address ?? '127.0.0.1';
  const port = await freePort(0);
  const places = { databaseFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log') };
  const server = new Supervised(temporalServer({ port, uiPort: await freePort(0), ...places }));
  await network?.relay(port);
  const s3 = hosts > 0 ? await S3Server.start(join(folder, 's3'), host) : undefined;
  await s3?.createBucket(BUCKET);
  const mirror = await serveFolder({ directory: published, host });
  const environment = {
    TEMPORAL_ADDRESS: `${host}:${port}`,
    SERENGETI_STORE: s3 === undefined ? pathToFileURL(join(folder, 'store', '/')).href : `s3://${BUCKET}/runs`,
    SERENGETI_CODEC_KEY: randomBytes(32).toString('base64'),
    ...WITHOUT_PYTHON,
    ...s3?.environment,
  };
  const connection = await connectWhenReady(environment.TEMPORAL_ADDRESS);
  const { dataConverter } = readTemporalSettings(environment);
  const cache = (name: string): { SERENGETI_CACHE: string } => ({ SERENGETI_CACHE: join(folder, name, 'cache') });
  const workers: Program[] = [];
  return {
    client: new Client({ connection, dataConverter }),
    withoutKey: new Client({ connection }),
    store: withCredentials(environment, () =>
      openStore(environment.SERENGETI_STORE, { ...environment, ...cache('reader') }),
    ),
    storeUri: environment.SERENGETI_STORE,
    mirror,
    s3,
    hasNetwork: network !== undefined,
    startWorker: (role, more = {}) => {
      const name = `host-${workers.length}`;
      const at: Host | undefined = network?.hosts[workers.length];
      const worker = new Program(['worker', role], { ...environment, ...cache(name), ...more }, at?.command);
      workers.push(worker);
      return worker;
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.kill()));
      await connection.close();
      await server.stop();
      await mirror.close();
      await s3?.kill();
      await network?.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The SDK takes credentials from this process's environment, when it needs them. */
function withCredentials(environment: NodeJS.ProcessEnv, open: () => ArtifactStore): ArtifactStore {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
    if (environment[name] !== undefined) process.env[name] = environment[name];
  }
  return open();
}
