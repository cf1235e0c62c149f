import { Client, Connection } from '@temporalio/client';
import { IO_TASK_QUEUE } from '../lib/contracts/run';
import { storesOf } from '../runs/workersSeen';
import { findEmbedded } from '../workers/embedded';
import { readSettings } from '../workers/settings';
import { localEnvironment, readTemporalSettings, serverUnreachable } from '../workers/temporal';

/** A connection to the Temporal server, and where its UI is if that is known. */
export interface Connected {
  readonly client: Client;
  readonly uiUrl: string | undefined;
  close(): Promise<void>;
}

/** Connects to `TEMPORAL_ADDRESS` or the profile's address, else to the embedded server of this project if it is up. */
export async function connect(): Promise<Connected> {
  const { TEMPORAL_ADDRESS, TEMPORAL_PROFILE } = process.env;
  const embedded = (TEMPORAL_ADDRESS ?? TEMPORAL_PROFILE) === undefined ? await findEmbedded() : undefined;
  const settings = readTemporalSettings(embedded === undefined ? process.env : localEnvironment(embedded.temporal));
  const { namespace, dataConverter } = settings;
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...settings.connection, connectTimeout: '10 seconds' });
  } catch (error) {
    throw serverUnreachable(settings, error);
  }
  const client = new Client({ connection, namespace, dataConverter });
  const isNamed = (TEMPORAL_ADDRESS ?? TEMPORAL_PROFILE) !== undefined;
  if (embedded === undefined && !isNamed) await warnOfStrangers(client, settings.connection.address);
  return {
    client,
    uiUrl: process.env.SERENGETI_UI_URL ?? embedded?.ui,
    close: () => connection.close(),
  };
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
