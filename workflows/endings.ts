import { isCancellation, rootCause } from '@temporalio/workflow';
import type { StepView } from '../lib/contracts/control';
import { formatBytes, formatCount, formatSeconds } from '../lib/contracts/format';
import {
  describeNeeds,
  describeState,
  isToDo,
  type DryRun,
  type PlannedStep,
  type RunPlan,
} from '../lib/contracts/plan';
import { describeStanding } from '../lib/contracts/judgement';
import type { RunResult } from '../lib/contracts/run';
import { STEPS } from '../lib/contracts/steps';
import { inline, paragraphs, renderRows, renderSteps } from './details';

/** What came of a run, in Markdown. */
export function renderResult(result: RunResult | DryRun, steps: readonly StepView[]): string {
  return 'dryRun' in result ? renderPlan(result.plan) : paragraphs(renderRun(result), renderSteps(steps));
}

/** Why a workflow ended otherwise than well. */
export function renderFailure(error: unknown): string {
  return isCancellation(error)
    ? '**Cancelled.** What was finished stays, and a new run uses it.'
    : `**Failed.** ${inline(rootCause(error) ?? String(error))}`;
}

function renderRun({ validationSeasons, validation, registered, report, model, submission }: RunResult): string {
  const { logLoss, logLossRange, baselines, sequences } = validation.summary;
  const places: [string, string][] = [
    ['Report', `${report.uri}report.html`],
    ['Data', `${report.uri}exploration.html`],
    ['Model', `${model.uri}saved_model`],
    ['Submission', `${submission.uri}submission.zip`],
  ];
  return paragraphs(
    `**Done.** Log loss ${logLoss.toFixed(4)} on ${formatCount(sequences)} sequences of ${inline(validationSeasons.join(', '))} ` +
      `(95 %: ${logLossRange.low.toFixed(4)} to ${logLossRange.high.toFixed(4)}); ` +
      `knowing nothing but the classes' shares scores ${baselines.truePrior.toFixed(4)}. ` +
      `${inline(describeStanding(registered))}`,
    places.map(([name, place]) => `- ${name}: \`${place}\``).join('\n'),
  );
}

function renderPlan(plan: RunPlan): string {
  const { trainSeasons, validationSeasons, steps } = plan;
  return paragraphs(
    `**Planned; nothing was started.** Trains on ${inline(trainSeasons.join(', '))}; ` +
      `validates on ${inline(validationSeasons.join(', '))}. ${describeNeeds(plan)}`,
    renderRows(steps.map(planned)),
  );
}

function planned(step: PlannedStep): string[] {
  const { reused, parts, fetchBytes, diskBytes, frames, seconds } = step;
  const state = describeState(step);
  if (!isToDo(step)) return [STEPS[step.step].title, state, ''];
  const figures = [
    parts === 0 ? undefined : `${reused} of ${parts} there`,
    fetchBytes === undefined ? undefined : `${formatBytes(fetchBytes)} to fetch`,
    diskBytes === undefined ? undefined : `${formatBytes(diskBytes)} on disk`,
    frames === undefined ? undefined : `${formatCount(frames)} frames`,
    seconds === undefined ? undefined : formatSeconds(seconds),
  ];
  return [STEPS[step.step].title, state, figures.filter((text) => text !== undefined).join(', ')];
}
