import { setTimeout as sleep } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { IO_TASK_QUEUE } from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { familyOf } from '../../runs/find';
import { elevenSeasons } from './realSize';
import { startServer, withWorkers } from './support';

/** What a workflow's history may hold. Temporal warns at 10,240 events and ends a workflow at 51,200. */
const MOST_EVENTS = 5_000;
const MOST_BYTES = 5_000_000;
const MOST_PAYLOAD_BYTES = 16_384;

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await startServer();
}, 60_000);

afterAll(async () => {
  await environment.teardown();
});

let runs = 0;

/** Of one workflow's history. */
interface Size {
  readonly workflowId: string;
  readonly events: number;
  readonly bytes: number;
  readonly largestPayload: number;
}

async function sizesOf(request: RunRequest): Promise<Size[]> {
  return await withWorkers(environment, elevenSeasons(), async () => {
    const workflowId = `sized-${++runs}`;
    const { client } = environment;
    await client.workflow.execute('trainPipeline', { taskQueue: IO_TASK_QUEUE, workflowId, args: [request] });
    const ids = await completeFamily(workflowId);
    return await Promise.all(
      ids.map(async (id) => {
        const handle = client.workflow.getHandle(id);
        const { historySize } = await handle.describe();
        const history = await handle.fetchHistory();
        return {
          workflowId: id,
          events: history.events!.length,
          bytes: historySize ?? Infinity,
          largestPayload: Math.max(...payloadSizes(history.events)),
        };
      }),
    );
  });
}

/** The server's lists lag behind: the run, and two children a season. */
async function completeFamily(workflowId: string): Promise<string[]> {
  for (;;) {
    const ids = await familyOf(environment.client, workflowId);
    if (ids.length === 23) return ids;
    await sleep(200);
  }
}

/** Bytes of every payload in a history. */
function payloadSizes(node: unknown): number[] {
  if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return [];
  if ('metadata' in node && 'data' in node && ArrayBuffer.isView(node.data)) return [node.data.byteLength];
  return Object.values(node).flatMap(payloadSizes);
}

describe('a run of two weeks on eleven seasons at their real size', () => {
  it.each<RunRequest>([{ catalog: 'lila' }])(
    'keeps the history of each of its workflows short: %j',
    async (request) => {
      const sizes = await sizesOf(request);
      const largest = (figure: (size: Size) => number): number => Math.max(...sizes.map(figure));
      expect(largest(({ events }) => events)).toBeLessThan(MOST_EVENTS);
      expect(largest(({ bytes }) => bytes)).toBeLessThan(MOST_BYTES);
      expect(largest(({ largestPayload }) => largestPayload)).toBeLessThan(MOST_PAYLOAD_BYTES);
      if (process.env.SERENGETI_SHOW_SIZES !== undefined) console.table(sizes);
    },
    300_000,
  );
});
