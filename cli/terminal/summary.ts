import { fileURLToPath } from 'node:url';
import { STEPS, type StepName, type ValidationSummary } from '../../lib/contracts/steps';
import { describeStanding } from '../../lib/contracts/judgement';
import type { DryRun } from '../../lib/contracts/plan';
import type { RunResult } from '../../lib/contracts/run';
import { renderPlan } from './planTable';
import { counted, formatBytes, formatCount, formatSeconds, formatShare } from '../../lib/contracts/format';

/**
 * The end of a run in a short table, and where to find what it made; of a dry run, the plan.
 *
 * @param pagesUrl - where the pages over the store are served, if they are
 */
export function summarise(result: RunResult | DryRun, pagesUrl?: string): string {
  if ('dryRun' in result) return `\n${renderPlan(result.plan)}`;
  const { pick, validation, bytes, frames, stepSeconds } = result;
  const { baselines } = validation.summary;
  const seconds = (Object.entries(stepSeconds) as [StepName, number][]).filter(([, value]) => value >= 0.05);
  const rows: [string, string][] = [
    [
      'Trained on',
      `${result.trainSeasons.join(', ')}: ${formatCount(pick.summary.trainSequences)} sequences, ${formatCount(pick.summary.trainFrames)} frames`,
    ],
    [
      'Validated on',
      `${result.validationSeasons.join(', ')}: ${formatCount(validation.summary.sequences)} sequences, ${formatCount(validation.summary.frames)} frames`,
    ],
    [
      'Log loss',
      `${score(validation.summary.logLoss)}   (no skill: ${score(baselines.truePrior)} true priors, ${score(baselines.sampledPrior)} sampled priors, ${score(baselines.uniform)} uniform)`,
    ],
    [
      'Accuracy',
      `${formatShare(validation.summary.accuracy)}   top-5 ${formatShare(validation.summary.top5)}   cross-entropy ${validation.summary.crossEntropy.toFixed(3)}`,
    ],
    ['Intervals', intervals(validation.summary)],
    ...animalsFound(validation.summary),
    [
      'Frames',
      `${formatCount(frames.seen)} looked at, ${formatCount(frames.reused)} of them earlier${troubles(frames)}`,
    ],
    ['Bytes', `${formatBytes(bytes.fetched)} fetched, ${formatBytes(bytes.reused)} there already`],
    [
      'Time',
      seconds.length === 0
        ? 'everything was there already'
        : seconds.map(([step, value]) => `${shortTitle(step)} ${formatSeconds(value)}`).join(', '),
    ],
    ['Model', place(result.model.uri, 'saved_model')],
    ['Report', place(result.report.uri, 'report.html')],
    ['Data', place(result.report.uri, 'exploration.html')],
    ['Submission', place(result.submission.uri, 'submission.zip')],
    ...(pagesUrl === undefined ? [] : [pagesRow(pagesUrl, result)]),
    ['Tried', result.submission.summary.checked],
    ['Registry', describeStanding(result.registered)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return `\n${rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n')}\n\n`;
}

/** How far chance reaches, over the sites of the held-out seasons. */
function intervals({ logLossRange, accuracyRange, sites }: ValidationSummary): string {
  const over = sites > 1 ? counted(sites, 'site') : 'the sequences of one site';
  return (
    `95 % over ${over}: log loss ${score(logLossRange.low)} to ${score(logLossRange.high)}, ` +
    `accuracy ${formatShare(accuracyRange.low)} to ${formatShare(accuracyRange.high)}`
  );
}

function animalsFound({ animalRecall }: ValidationSummary): [string, string][] {
  if (animalRecall === undefined) return [];
  return [['Animals', `${formatShare(animalRecall)} found; what other thresholds find and save is in the report`]];
}

/** The same in a browser, from wherever the store is. */
function pagesRow(pagesUrl: string, { registered }: RunResult): [string, string] {
  return ['Pages', `${pagesUrl.replace(/\/+$/, '')}/models/${registered.name}`];
}

function score(value: number): string {
  return value.toFixed(4);
}

function troubles({ truncated, unreadable }: RunResult['frames']): string {
  const parts = [
    truncated > 0 ? `${formatCount(truncated)} cut short` : '',
    unreadable > 0 ? `${formatCount(unreadable)} unreadable` : '',
  ];
  const text = parts.filter((part) => part !== '').join(', ');
  return text === '' ? '' : `; ${text}`;
}

function shortTitle(step: StepName): string {
  return STEPS[step].title.split(' ')[0]!.toLowerCase();
}

function place(uri: string, name: string): string {
  return uri.startsWith('file://') ? fileURLToPath(new URL(name, uri)) : `${uri}${name}`;
}
