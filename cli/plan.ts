import { randomUUID } from 'node:crypto';
import { isToDo, type DryRun, type PlannedStep, type RunPlan } from '../lib/contracts/plan';
import { IO_TASK_QUEUE } from '../lib/contracts/run';
import { STEPS } from '../lib/contracts/steps';
import { withClient } from './client';
import { requestOf } from './run';
import type { RunCommandOptions } from './runCommands';
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
  const { fetchBytes, diskBytes, seconds, unknownSeconds } = found;
  const unknown = unknownSeconds.map((step) => STEPS[step].toLowerCase()).join(', ');
  return [
    `Trains on ${found.trainSeasons.join(', ')}; validates on ${found.validationSeasons.join(', ')}.\n`,
    renderTable(header, found.steps.map(rowOf)),
    `To fetch ${formatBytes(fetchBytes)}, to keep ${formatBytes(diskBytes)}, ${formatSeconds(seconds)} on one worker of each kind` +
      `${unknown === '' ? '' : `, and what the store has no measure of yet: ${unknown}`}.`,
    'Estimates: frames are an upper bound until the seasons are indexed. Nothing was started.\n',
  ].join('\n');
}

function rowOf(step: PlannedStep): string[] {
  const toDo = isToDo(step);
  const { reused, parts, fetchBytes, diskBytes, frames, seconds } = step;
  const figure = (value: number | undefined, format: (value: number) => string): string =>
    !toDo || value === undefined ? '' : format(value);
  return [
    STEPS[step.step],
    toDo ? (reused > 0 ? 'partly there' : 'to do') : 'there already',
    parts === 0 ? '' : `${reused} of ${parts}`,
    figure(fetchBytes, formatBytes),
    figure(diskBytes, formatBytes),
    figure(frames, formatCount),
    figure(seconds, formatSeconds),
  ];
}
