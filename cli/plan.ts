import { randomUUID } from 'node:crypto';
import type { DryRun } from '../lib/contracts/plan';
import { IO_TASK_QUEUE } from '../lib/contracts/run';
import { withClient } from './client';
import { requestOf, type RunCommandOptions } from './runRequest';
import { renderPlan } from './terminal/planTable';

/** `serengeti plan`: what a run would reuse and do. A worker looks, for the store may be out of this host's reach. */
export async function plan(options: RunCommandOptions): Promise<void> {
  const request = requestOf(options);
  await withClient(async ({ client }) => {
    const { plan: found } = (await client.workflow.execute('trainPipeline', {
      taskQueue: IO_TASK_QUEUE,
      workflowId: `plan-${randomUUID()}`,
      args: [{ ...request, dryRun: true }],
      staticSummary: 'What a run would do',
    })) as DryRun;
    process.stdout.write(renderPlan(found));
  });
}
