import { connect as connectSocket } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { IO_TASK_QUEUE } from '../lib/contracts/run';
import { storesOf } from '../runs/workersSeen';
import { findEmbedded } from '../workers/embedded';
import { readSettings } from '../workers/settings';
import { localEnvironment, readTemporalSettings, serverUnreachable, type TemporalSettings } from '../workers/temporal';

/** A connection to the Temporal server, and where its UI is if that is known. */
export interface Connected {
  readonly client: Client;
  readonly uiUrl: string | undefined;
  /** Where the pages over the store are served, if that is known. */
  readonly pagesUrl: string | undefined;
  close(): Promise<void>;
}

/** Which server is meant, and how it is reached. */
export interface Located {
  readonly settings: TemporalSettings;
  readonly uiUrl: string | undefined;
  readonly pagesUrl: string | undefined;
  /** False where nobody named it and no embedded one is up: whatever answers at the default address. */
  readonly isNamed: boolean;
}

/** `TEMPORAL_ADDRESS` or the profile's address, else the embedded server of this project if it is up. */
export async function locateTemporal(): Promise<Located> {
  const { TEMPORAL_ADDRESS, TEMPORAL_PROFILE } = process.env;
  const isNamed = (TEMPORAL_ADDRESS ?? TEMPORAL_PROFILE) !== undefined;
  const embedded = isNamed ? undefined : await findEmbedded();
  return {
    settings: readTemporalSettings(embedded === undefined ? process.env : localEnvironment(embedded.temporal)),
    uiUrl: process.env.SERENGETI_UI_URL || embedded?.ui,
    pagesUrl: process.env.SERENGETI_PAGES_URL || embedded?.pages,
    isNamed: isNamed || embedded !== undefined,
  };
}

/** Connects to the server of {@link locateTemporal}. */
export async function connect(): Promise<Connected> {
  const { settings, uiUrl, pagesUrl, isNamed } = await locateTemporal();
  const { namespace, dataConverter } = settings;
  if (await isRefused(settings.connection.address)) throw serverUnreachable(settings, undefined);
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...settings.connection, connectTimeout: '10 seconds' });
  } catch (error) {
    throw serverUnreachable(settings, error);
  }
  const client = new Client({ connection, namespace, dataConverter });
  if (!isNamed) await warnOfStrangers(client, settings.connection.address);
  return { client, uiUrl, pagesUrl, close: () => connection.close() };
}

const PROBE_MILLISECONDS = 2_000;
/** Of gRPC: what is refused on the straight way may be reached by way of one. */
const PROXIES = ['grpc_proxy', 'https_proxy', 'http_proxy'];

/** Whether nothing listens there, which shows at once: the client tries on for as long as for a server that is slow. */
async function isRefused(address: string): Promise<boolean> {
  if (PROXIES.some((name) => process.env[name])) return false;
  const { hostname, port } = new URL(`tcp://${address}`);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return await new Promise((resolve) => {
    const socket = connectSocket({ host, port: Number(port || 7233), timeout: PROBE_MILLISECONDS });
    const answer = (refused: boolean): void => {
      socket.destroy();
      resolve(refused);
    };
    socket.once('connect', () => answer(false));
    socket.once('timeout', () => answer(false));
    socket.once('error', (error: NodeJS.ErrnoException) => answer(error.code === 'ECONNREFUSED'));
  });
}

/** A run's page in the Temporal UI. */
export function uiPageOf(uiUrl: string, namespace: string, workflowId: string): string {
  return `${uiUrl}/${['namespaces', namespace, 'workflows', workflowId].map(encodeURIComponent).join('/')}`;
}

/** Nobody named the server that answers at the default address: it may be another clone's. */
async function warnOfStrangers(client: Client, address: string): Promise<void> {
  // As stores give their own, without opening one: every command would load what that needs.
  const own = new URL(readSettings().store, 'file:///').href.replace(/\/*$/, '/');
  const stores = await storesOf(client, IO_TASK_QUEUE);
  if (stores.length === 0 || stores.includes(own)) return;
  process.stderr.write(
    `The workers at ${address} work for another store: ${stores.join(', ')}, not ${own}.\n` +
      'Set SERENGETI_STORE to mean theirs, or TEMPORAL_ADDRESS to mean another server.\n\n',
  );
}

/** Connects for as long as `use` takes. */
export async function withClient<T>(use: (connected: Connected) => Promise<T>): Promise<T> {
  const connected = await connect();
  try {
    return await use(connected);
  } finally {
    await connected.close();
  }
}
