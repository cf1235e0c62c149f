import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { IO_TASK_QUEUE } from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { familyOf } from '../../runs/find';
import { elevenSeasons } from './realSize';
import { testServer, withWorkers } from './support';

/** What a workflow's history may hold. Temporal warns at 10,240 events and ends a workflow at 51,200. */
const MOST_EVENTS = 5_000;
const MOST_BYTES = 5_000_000;
const MOST_PAYLOAD_BYTES = 16_384;

const environment = testServer();

let runs = 0;

/** Of one workflow's history. */
interface Size {
  readonly workflow: string;
  readonly id: string;
  readonly events: number;
  /** Had each thing that woke the workflow come by itself: steps of minutes do, stand-ins come together. */
  readonly eventsAtMost: number;
  readonly bytes: number;
  readonly largestPayload: number;
}

async function sizesOf(request: RunRequest): Promise<Size[]> {
  return await withWorkers(environment(), elevenSeasons(), async () => {
    const workflowId = `sized-${++runs}`;
    const { client } = environment();
    await client.workflow.execute('trainPipeline', { taskQueue: IO_TASK_QUEUE, workflowId, args: [request] });
    const ids = await completeFamily(workflowId);
    return await Promise.all(
      ids.map(async (id) => {
        const handle = client.workflow.getHandle(id);
        const { type, historySize } = await handle.describe();
        const history = await handle.fetchHistory();
        return {
          workflow: type,
          id,
          events: history.events!.length,
          eventsAtMost: eventsAtMost(history.events!),
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
    const ids = await familyOf(environment().client, workflowId);
    if (ids.length === 23) return ids;
    await sleep(200);
  }
}

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** A workflow task is three events: scheduled, started, completed. */
function eventsAtMost(events: readonly HistoryEvent[]): number {
  const wakings = events.filter(
    (event) =>
      event.workflowExecutionStartedEventAttributes ??
      event.workflowExecutionSignaledEventAttributes ??
      event.activityTaskCompletedEventAttributes ??
      event.childWorkflowExecutionStartedEventAttributes ??
      event.childWorkflowExecutionCompletedEventAttributes,
  ).length;
  const tasks = events.filter((event) => event.workflowTaskCompletedEventAttributes != null).length;
  return events.length + 3 * Math.max(0, wakings - tasks);
}

/** Bytes of every payload in a history. */
function payloadSizes(node: unknown): number[] {
  if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return [];
  if ('metadata' in node && 'data' in node && ArrayBuffer.isView(node.data)) return [node.data.byteLength];
  return Object.values(node).flatMap(payloadSizes);
}

/** One line a workflow, past jest's own console, which would frame them with a stack. */
function show(request: RunRequest, sizes: readonly Size[]): void {
  const lines = sizes.map(({ workflow, id, ...figures }) =>
    [
      workflow.padEnd(16),
      id.padEnd(52),
      ...Object.values(figures).map((figure: number) => figure.toLocaleString('en').padStart(10)),
    ].join(' '),
  );
  const title = `${JSON.stringify(request)}: events, events at most, bytes, bytes of the largest payload`;
  process.stderr.write([title, ...lines.sort(), ''].join('\n'));
}

describe('a run of two weeks on eleven seasons at their real size', () => {
  it.each<RunRequest>([{ catalog: 'lila' }, { catalog: 'lila', frameSource: 'mirrors' }])(
    'keeps the history of each of its workflows short: %j',
    async (request) => {
      const sizes = await sizesOf(request);
      if (process.env.SERENGETI_SHOW_SIZES !== undefined) show(request, sizes);
      const largest = (figure: (size: Size) => number): number => Math.max(...sizes.map(figure));
      expect(largest((size) => size.eventsAtMost)).toBeLessThan(MOST_EVENTS);
      expect(largest(({ bytes }) => bytes)).toBeLessThan(MOST_BYTES);
      expect(largest(({ largestPayload }) => largestPayload)).toBeLessThan(MOST_PAYLOAD_BYTES);
    },
  );
});
