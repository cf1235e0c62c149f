import { WorkflowFailedError, type Client } from '@temporalio/client';
import type { Standing } from '../lib/contracts/control';
import { command, resumeRun } from '../runs/command';
import { findRun } from '../runs/find';
import { withClient } from './client';
import { formatBytes } from '../lib/contracts/format';

/** `serengeti pause`: what is running stops at its next safe point; workers and GPU are free then. */
export async function pause(run: string | undefined): Promise<void> {
  await withRun(run, async (client, id) => {
    process.stdout.write(`Pausing ${id} …\n`);
    await command(client, id, 'pause');
    process.stdout.write(`Paused: nothing is running, and what was finished stays. Go on with: resume ${id}\n`);
  });
}

export async function resume(run: string | undefined): Promise<void> {
  await withRun(run, async (client, id) => {
    await resumeRun(client, id);
    process.stdout.write(`${id} goes on.\n`);
  });
}

/** `serengeti retry`: what waits for a repair is tried again at once. */
export async function retry(run: string | undefined): Promise<void> {
  await withRun(run, async (client, id) => {
    await command(client, id, 'retry');
    process.stdout.write(`${id} tries again.\n`);
  });
}

/** `serengeti cancel`: ends a run for good; a new one finds what it finished. */
export async function cancel(run: string | undefined): Promise<void> {
  await withRun(run, async (client, id) => {
    const handle = client.workflow.getHandle(id);
    await handle.cancel();
    process.stdout.write(`Cancelling ${id} …\n`);
    // However it ends: the status tells, and a run that finished just before is no error.
    await handle.result().catch((error: unknown) => {
      if (!(error instanceof WorkflowFailedError)) throw error;
    });
    const { status } = await handle.describe();
    process.stdout.write(
      status.name === 'CANCELLED'
        ? 'Cancelled. What it finished stays, and a new run uses it.\n'
        : `It had ended already: ${status.name.toLowerCase()}.\n`,
    );
  });
}

/** `serengeti bandwidth`: limits the downloads of a run, also those under way. `null`: no limit. */
export async function setBandwidth(bytesPerSecond: number | null, run: string | undefined): Promise<void> {
  await withRun(run, async (client, id) => {
    const standing: Standing = await command(client, id, 'setBandwidth', { bytesPerSecond });
    const limit = standing.bytesPerSecond;
    process.stdout.write(
      limit === null ? `${id} downloads as fast as it can.\n` : `${id} downloads at most ${formatBytes(limit)}/s.\n`,
    );
  });
}

/** Connects, and finds the run that is meant. */
async function withRun(run: string | undefined, use: (client: Client, id: string) => Promise<void>): Promise<void> {
  await withClient(async ({ client }) => use(client, await findRun(client, run)));
}
