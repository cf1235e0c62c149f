import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { RunWatcher, type Snapshot } from '../runs/snapshot';

const POLL_MILLISECONDS = 400;

/** Snapshots of a run until it closes. */
export async function* watchRun(client: Client, workflowId: string, signal: AbortSignal): AsyncGenerator<Snapshot> {
  const watcher = new RunWatcher(client);
  for (;;) {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    yield await watcher.snapshot(workflowId);
    if (status.name !== 'RUNNING') return;
    await sleep(POLL_MILLISECONDS, undefined, { signal });
  }
}
