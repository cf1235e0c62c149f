import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationDetails, getClient } from '@temporalio/activity';
import { REPORT_SIGNAL } from '../lib/contracts/control';
import { cancelOrphans } from '../runs/orphans';
import { Reporter } from '../runs/reporter';
import { RunWatcher } from '../runs/snapshot';
import { durable } from './durable';

const LOOK_MILLISECONDS = 2_000;

/**
 * Tells a run what its running parts say in their heartbeats, which a workflow cannot see itself. Ends when cancelled. When
 * the run was terminated meanwhile, it cancels the children, which nobody waits for any more.
 */
export async function watchRun(): Promise<void> {
  await durable(async ({ signal }) => {
    const client = getClient();
    const { workflowId, runId } = activityInfo().workflowExecution!;
    const handle = client.workflow.getHandle(workflowId, runId);
    const { startTime } = await handle.describe();
    const watcher = new RunWatcher(client, 60);
    const reporter = new Reporter(startTime.getTime());
    try {
      for (;;) {
        signal.throwIfAborted();
        const report = reporter.next(await watcher.snapshot(workflowId), Date.now());
        if (report !== undefined) await handle.signal(REPORT_SIGNAL, report);
        await sleep(LOOK_MILLISECONDS, undefined, { signal });
      }
    } catch (error) {
      if (cancellationDetails()?.notFound === true) await cancelOrphans(client, workflowId);
      throw error;
    }
  });
}
