import { once } from 'node:events';
import { Client } from '@temporalio/client';
import { SerengetiError } from '../lib/contracts/errors';
import { SAMPLE_OPTIONS, simulateCatalog } from '../simulator';
import { findEmbedded, startEmbedded } from '../workers/embedded';
import { sampleFolder } from '../workers/sample';
import { connectWhenReady } from '../workers/temporalServer';
import { localEnvironment, readTemporalSettings } from '../workers/temporal';
import { announce, follow, startOrJoin } from './run';
import { createBarView } from './terminal/barView';
import { formatCount } from '../lib/contracts/format';
import { summarise } from './terminal/summary';

const SAMPLE_RUN = 'sample';

/** `serengeti start`: the main job on the embedded default, from nothing to a packaged model. */
export async function start({ input }: { readonly input: object }): Promise<void> {
  const other = await findEmbedded();
  if (other !== undefined) {
    throw new SerengetiError('ALREADY_UP', `The embedded system is up already (process ${other.pid}, ${other.ui})`);
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

  await drawSample(stop.signal);
  const embedded = await startEmbedded((name, reason) => {
    process.stderr.write(`\n${name} ended (${reason}); starting it again\n`);
  });
  try {
    process.stdout.write(`Temporal UI  ${embedded.addresses.ui}\nLogs         ${embedded.logs}\n\n`);
    const connection = await connectWhenReady(embedded.addresses.temporal, stop.signal);
    const client = new Client({
      connection,
      dataConverter: readTemporalSettings(localEnvironment(embedded.addresses.temporal)).dataConverter,
    });
    await startOrJoin(client, SAMPLE_RUN, input);
    announce(client, SAMPLE_RUN, embedded.addresses.ui);
    const result = await follow(client, SAMPLE_RUN, stop.signal);
    if (result !== undefined) {
      process.stdout.write(summarise(result));
      if (process.stdout.isTTY) await stayUp(stop.signal);
    }
    await connection.close();
  } finally {
    process.stdout.write('\nStopping …\n');
    await embedded.stop();
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
