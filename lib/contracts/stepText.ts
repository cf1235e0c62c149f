import type { AwaitedChild, StepView } from './control';
import { formatAmount, formatDone, formatRate, formatSeconds } from './format';

/** What there is to say of a step beside its name: amount, rate, time left, what is happening. One line, or nothing. */
export function describeStep(step: StepView): string {
  const { status, startedAt, finishedAt } = step;
  if (status === 'waiting') return '';
  if (status === 'running') return joined([...underway(step), ...troublesOf(step)]);
  if (status === 'reused') return amountOf(step);
  if (startedAt === undefined) return 'not needed';
  return joined([amountOf(step), formatSeconds(((finishedAt ?? 0) - startedAt) / 1000)]);
}

/** Why a run waits for another one's child. @param name - how the place where it is said writes the name of a workflow */
export function describeAwaited({ workflowId, run }: AwaitedChild, name = (id: string): string => id): string {
  return `${name(workflowId)} belongs to ${name(run)}, whose limit and commands it obeys: this run waits for it.`;
}

function underway(step: StepView): (string | undefined)[] {
  const { unit, done, total, perSecond, note } = step;
  return [
    // Parts that have only begun know no amount yet.
    total === 0 ? undefined : `${formatDone(step)}${unitWord(step)}${percentOf(done, total)}`,
    perSecond === undefined ? undefined : formatRate(perSecond, unit),
    perSecond === undefined || total === undefined
      ? undefined
      : `${formatSeconds(Math.max(0, total - done) / perSecond)} left`,
    resumption(step),
    note,
  ];
}

/** Where the parts under way began that went on with what was there. */
function resumption({ resumed, total, unit }: StepView): string | undefined {
  if (resumed === 0) return undefined;
  const amount = `${formatAmount(resumed, unit)} were there`;
  return total === undefined ? amount : `resumed at ${percent(resumed, total)} (${amount})`;
}

function troublesOf({ troubles }: StepView): string[] {
  return troubles.length === 0 ? [] : [`tries again: ${troubles[0]}`];
}

/** How much there was of it; a step that is one thing has no amount. */
function amountOf(step: StepView): string {
  return step.unit === 'steps' ? '' : `${formatAmount(step.done, step.unit)}${unitWord(step)}`;
}

function unitWord({ unit }: StepView): string {
  return unit === 'bytes' ? '' : ` ${unit}`;
}

function percentOf(done: number, total: number | undefined): string {
  return total === undefined ? '' : ` (${percent(done, total)})`;
}

function percent(part: number, whole: number): string {
  return `${Math.min(100, Math.floor((100 * part) / whole))} %`;
}

function joined(texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== '').join(', ');
}
