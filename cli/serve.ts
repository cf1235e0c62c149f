import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { SerengetiError } from '../lib/contracts/errors';
import { openStore } from '../lib/store';
import { listRuns, stateOf } from '../runs/find';
import { checkExposure, createPageServer, type RunSource } from '../server';
import { readSettings } from '../workers/settings';
import { locateTemporal, uiPageOf, type Located } from './client';

export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
}

const MOST_RUNS = 1_000;
/** Pages are there without the server of Temporal, too: it has so long to answer. */
const ANSWER_MILLISECONDS = 2_500;

/** `serengeti serve`: the pages over the store, until this process is told to end. */
export async function serve({
  port,
  host,
  token = process.env.SERENGETI_PAGES_TOKEN || undefined,
}: ServeOptions): Promise<void> {
  checkExposure(host, token);
  const store = openStore(readSettings().store);
  const located = await locateTemporal();
  const { runs, close } = runSource(located);
  const server = createPageServer({ store, runs, uiUrl: located.uiUrl, token });
  await listenUntilStopped(server, { port, host }, `Pages of ${store.uri}`);
  await close();
}

/** Says where pages are, and serves them until this process is told to end. @throws SerengetiError INPUT_INVALID */
export async function listenUntilStopped(
  server: Server,
  { port, host }: Pick<ServeOptions, 'port' | 'host'>,
  title: string,
): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new SerengetiError(
      'INPUT_INVALID',
      `Pages cannot be served at ${host}:${port}: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  const { address, port: bound, family } = server.address() as AddressInfo;
  const name = family === 'IPv6' ? `[${address}]` : address;
  process.stdout.write(`${title}\nhttp://${name}:${bound}/\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  server.close();
  server.closeAllConnections();
}

/** Connects when it is first asked, and again whenever the server comes back. */
function runSource({ settings, uiUrl }: Located): { readonly runs: RunSource; readonly close: () => Promise<void> } {
  const connection = Connection.lazy(settings.connection);
  const client = new Client({ connection, namespace: settings.namespace, dataConverter: settings.dataConverter });
  const runs: RunSource = async () => {
    const rows = await client.withDeadline(Date.now() + ANSWER_MILLISECONDS, () =>
      listRuns(client, { limit: MOST_RUNS }),
    );
    return rows.map((row) => ({
      ...row,
      state: stateOf(row),
      uiUrl: uiUrl === undefined ? undefined : uiPageOf(uiUrl, settings.namespace, row.workflowId),
    }));
  };
  return { runs, close: () => connection.close() };
}
