import { Client, Connection } from '@temporalio/client';
import { findEmbedded } from '../workers/embedded';
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
  return {
    client: new Client({ connection, namespace, dataConverter }),
    uiUrl: process.env.SERENGETI_UI_URL ?? embedded?.ui,
    close: () => connection.close(),
  };
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
