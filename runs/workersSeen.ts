import type { Client } from '@temporalio/client';

/** Of Temporal's TaskQueueType. */
const ACTIVITIES = 2;
/** A worker asks for work at least this often. */
const SILENCE_MILLISECONDS = 5 * 60_000;

/** What a worker calls itself on its queues: its process, as Temporal's own default has it, and the store that it works for. */
export function workerIdentity(pid: number, host: string, store: string): string {
  return `${pid}@${host} ${store}`;
}

/** Identities of the workers that asked for activities of a queue of late. */
export async function workersOf(client: Client, taskQueue: string): Promise<string[]> {
  const { pollers } = await client.connection.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: ACTIVITIES,
  });
  const alive = (pollers ?? []).filter(
    ({ lastAccessTime }) => Date.now() - 1000 * Number(lastAccessTime?.seconds ?? 0) < SILENCE_MILLISECONDS,
  );
  return alive.map(({ identity }) => identity ?? '');
}

/** Stores that the workers of a queue work for, each once. */
export async function storesOf(client: Client, taskQueue: string): Promise<string[]> {
  const identities = await workersOf(client, taskQueue);
  const stores = identities.flatMap((identity) => /^\d+@\S+ (.+)$/.exec(identity)?.[1] ?? []);
  return [...new Set(stores)];
}
