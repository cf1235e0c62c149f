import { once } from 'node:events';
import { Client, WorkflowFailedError } from '@temporalio/client';
import { SAMPLE_OPTIONS, simulateCatalog } from '../simulator';
import { startEmbedded, withHome, type Addresses } from '../workers/embedded';
import { sampleFolder } from '../workers/sample';
import { connectWhenReady } from '../workers/temporalServer';
import { localEnvironment, readTemporalSettings } from '../workers/temporal';
import { announce, follow, startOrJoin } from './run';
import { createBarView } from './terminal/barView';
import { reportError } from './terminal/errors';
import { formatCount } from '../lib/contracts/format';
import { summarise } from './terminal/summary';

const SAMPLE_RUN = 'sample';

/** `serengeti start`: the main job on the embedded default, from nothing to a packaged model. */
export async function start({ input }: { readonly input: object }): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  await withHome(async () => {
    await drawSample(stop.signal);
    const embedded = await startEmbedded((name, reason) => {
      process.stderr.write(`\n${name} ended (${reason}); starting it again\n`);
    });
    const { ui, pages } = embedded.addresses;
    try {
      process.stdout.write(`Temporal UI  ${ui}\nPages        ${pages}\nLogs         ${embedded.logs}\n\n`);
      await runSample(embedded.addresses, input, stop.signal);
      if (process.stdout.isTTY) await stayUp(stop.signal);
    } finally {
      process.stdout.write('\nStopping …\n');
      await embedded.stop();
    }
  });
}

async function runSample({ temporal, ui, pages }: Addresses, input: object, signal: AbortSignal): Promise<void> {
  const connection = await connectWhenReady(temporal, signal);
  const { dataConverter } = readTemporalSettings(localEnvironment(temporal));
  const client = new Client({ connection, dataConverter });
  try {
    await startOrJoin(client, SAMPLE_RUN, input);
    announce(client, SAMPLE_RUN, ui);
    const result = await follow(client, SAMPLE_RUN, signal);
    if (result !== undefined) process.stdout.write(summarise(result, pages));
  } catch (error) {
    // The system outlives the run: other runs may be going on it, and the UI shows what became of this one.
    if (!(error instanceof WorkflowFailedError)) throw error;
    reportError(error);
  } finally {
    await connection.close();
  }
}

async function drawSample(signal: AbortSignal): Promise<void> {
  const view = createBarView((total) => `Drawing the sample seasons, ${formatCount(total)} frames, once …`, 'frames');
  try {
    await simulateCatalog(sampleFolder(), SAMPLE_OPTIONS, { signal, onProgress: (progress) => view.update(progress) });
  } finally {
    view.stop();
  }
}

async function stayUp(signal: AbortSignal): Promise<void> {
  process.stdout.write(
    'Everything stays up: start more runs from the UI or with `npm run serengeti -- run`. Ctrl-C stops it.\n',
  );
  if (!signal.aborted) await once(signal, 'abort');
}
