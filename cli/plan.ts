import { randomUUID } from 'node:crypto';
import {
  describeNeeds,
  describeState,
  isToDo,
  type DryRun,
  type PlannedStep,
  type RunPlan,
} from '../lib/contracts/plan';
import { IO_TASK_QUEUE } from '../lib/contracts/run';
import { STEPS } from '../lib/contracts/steps';
import { withClient } from './client';
import { requestOf, type RunCommandOptions } from './runRequest';
import { formatBytes, formatCount, formatSeconds } from '../lib/contracts/format';
import { renderTable } from './terminal/table';

/** `serengeti plan`: what a run would reuse and do. A worker looks, for the store may be out of this host's reach. */
export async function plan(options: RunCommandOptions): Promise<void> {
  await withClient(async ({ client }) => {
    const { plan: found } = (await client.workflow.execute('trainPipeline', {
      taskQueue: IO_TASK_QUEUE,
      workflowId: `plan-${randomUUID()}`,
      args: [{ ...requestOf(options), dryRun: true }],
      staticSummary: 'What a run would do',
    })) as DryRun;
    process.stdout.write(renderPlan(found));
  });
}

/** The plan as a table, with sums. */
export function renderPlan(found: RunPlan): string {
  const header = ['step', '', 'parts', 'to fetch', 'on disk', 'frames', 'time'];
  return [
    `Trains on ${found.trainSeasons.join(', ')}; validates on ${found.validationSeasons.join(', ')}.\n`,
    renderTable(header, found.steps.map(rowOf)),
    describeNeeds(found),
    'Estimates: frames are an upper bound until the seasons are indexed. Nothing was started.\n',
  ].join('\n');
}

function rowOf(step: PlannedStep): string[] {
  const { reused, parts, fetchBytes, diskBytes, frames, seconds } = step;
  const figure = (value: number | undefined, format: (value: number) => string): string =>
    value === undefined || !isToDo(step) ? '' : format(value);
  return [
    STEPS[step.step].title,
    describeState(step),
    parts === 0 ? '' : `${reused} of ${parts}`,
    figure(fetchBytes, formatBytes),
    figure(diskBytes, formatBytes),
    figure(frames, formatCount),
    figure(seconds, formatSeconds),
  ];
}
