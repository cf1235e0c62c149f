import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, getClient } from '@temporalio/activity';
import { REPORT_SIGNAL, type Report, type Waiting } from '../lib/contracts/control';
import { RunWatcher, type Snapshot } from '../runs/snapshot';
import { durable } from './durable';

const LOOK_MILLISECONDS = 2_000;
/** Looking costs nothing, telling costs events: reports come often at first and ever more rarely. */
const FIRST_REPORTS_MILLISECONDS = 5_000;
const REPORTS_A_LIFETIME = 60;

/** Tells a run what its running parts say in their heartbeats, which a workflow cannot see itself. Ends when cancelled. */
export async function watchRun(): Promise<void> {
  await durable(async ({ signal }) => {
    const client = getClient();
    const { workflowExecution, scheduledTimestampMs } = activityInfo();
    const { workflowId, runId } = workflowExecution!;
    const handle = client.workflow.getHandle(workflowId, runId);
    const watcher = new RunWatcher(client, 60);
    let last: { readonly text: string; readonly waiting: string; readonly time: number } | undefined;
    for (;;) {
      signal.throwIfAborted();
      const report = reportOf(await watcher.snapshot(workflowId));
      const text = JSON.stringify(report);
      const waiting = report.waiting.map(nameOf).join();
      const now = Date.now();
      const pause = Math.max(FIRST_REPORTS_MILLISECONDS, (now - scheduledTimestampMs) / REPORTS_A_LIFETIME);
      if (waiting !== (last?.waiting ?? '') || (text !== last?.text && now - (last?.time ?? 0) >= pause)) {
        await handle.signal(REPORT_SIGNAL, report);
        last = { text, waiting, time: now };
      }
      await sleep(LOOK_MILLISECONDS, undefined, { signal });
    }
  });
}

/** What a run does not know by itself. */
function reportOf({ steps, waiting }: Snapshot): Report {
  return { steps: steps.filter(({ status }) => status === 'running'), waiting };
}

function nameOf({ part, code, failures }: Waiting): string {
  return `${part} ${code} ${failures}`;
}
