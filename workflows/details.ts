import type { Condition, Standing, StepView, Waiting } from '../lib/contracts/control';
import { formatAmount, formatBytes, formatRate, formatSeconds } from '../lib/contracts/format';
import { STEPS } from '../lib/contracts/steps';

const MARKS = { waiting: '', running: '▸ running', done: '✔ done', reused: '✔ there already' } as const;

const CONDITIONS: Readonly<Record<Condition, string>> = {
  running: '**Running.**',
  pausing: '**Pausing**: what is running stops at its next safe point.',
  paused: '**Paused.** Nothing is running. The update `resume` goes on.',
  waiting: '**Waits for a repair**; the other steps go on.',
};

/** Longest reason that is shown whole. */
const MOST_CHARACTERS = 600;

/** How a workflow stands, in Markdown: what the Temporal UI shows as its current details. */
export function renderDetails(standing: Standing, steps: readonly StepView[]): string {
  const { condition, bytesPerSecond, waiting } = standing;
  return [
    CONDITIONS[condition] +
      (bytesPerSecond === null ? '' : ` Downloads take at most ${formatBytes(bytesPerSecond)}/s.`),
    ...(waiting.length === 0 ? [] : [waiting.map(renderWaiting).join('\n')]),
    ['| Step | | Done | Rate | Left | |', '|---|---|---:|---:|---:|---|', ...steps.map(renderStep)].join('\n'),
  ].join('\n\n');
}

/** Times are said as they are in UTC: the reader's zone is not known here. */
function renderWaiting({ part, code, message, nextAt }: Waiting): string {
  const next = new Date(nextAt).toISOString().slice(11, 16);
  return `- \`${part}\` **${code}**: ${inline(message)} Tried again at ${next} UTC, or at once with the update \`retry\`.`;
}

function renderStep(step: StepView): string {
  const { status, total, done, perSecond, unit } = step;
  const left = total === undefined || perSecond === undefined ? '' : formatSeconds((total - done) / perSecond);
  const running = status === 'running';
  const cells = [
    STEPS[step.name],
    MARKS[status],
    amountOf(step),
    running && perSecond !== undefined ? formatRate(perSecond, unit) : '',
    running ? left : '',
    running ? noteOf(step) : durationOf(step),
  ];
  return `| ${cells.join(' | ')} |`;
}

function amountOf({ status, unit, done, total }: StepView): string {
  if (status === 'waiting' || (unit === 'steps' && status !== 'running')) return '';
  const word = unit === 'bytes' ? '' : ` ${unit}`;
  if (status !== 'running' || total === undefined || total === 0) return formatAmount(done, unit) + word;
  return `${formatAmount(done, unit)} of ${formatAmount(total, unit)}${word} (${Math.floor((100 * done) / total)} %)`;
}

function noteOf({ resumed, unit, note, troubles }: StepView): string {
  const texts = [
    resumed > 0 ? `${formatAmount(resumed, unit)} were there` : undefined,
    note,
    troubles.length === 0 ? undefined : `tries again: ${troubles[0]}`,
  ];
  return inline(texts.filter((text) => text !== undefined && text !== '').join('; '));
}

function durationOf({ status, startedAt, finishedAt }: StepView): string {
  if (status !== 'done' || startedAt === undefined || finishedAt === undefined) return '';
  return formatSeconds((finishedAt - startedAt) / 1000);
}

/** Messages hold what others wrote: file names, answers of servers. In a table's cell they must stay one line of text. */
function inline(text: string): string {
  const short = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return short.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, (character) => `\\${character}`);
}
