import { formatBytes, formatCount, formatSeconds } from '../../lib/contracts/format';
import { describeNeeds, describeState, isToDo, type PlannedStep, type RunPlan } from '../../lib/contracts/plan';
import { STEPS } from '../../lib/contracts/steps';
import { renderTable } from './table';

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
