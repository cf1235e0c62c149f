import type { AwaitedChild, Condition, Standing, StepView, Waiting, WaitingPart } from '../lib/contracts/control';
import { formatBytes } from '../lib/contracts/format';
import { STEPS } from '../lib/contracts/steps';
import { describeAwaited, describeStep } from '../lib/contracts/stepText';

const STATES = { waiting: 'waiting', running: '**running**', done: 'done', reused: 'there already' } as const;

const CONDITIONS: Readonly<Record<Condition, string>> = {
  running: '**Running.**',
  pausing: '**Pausing**: what is running stops at its next safe point.',
  paused: '**Paused.** Nothing is running. The update `resume` goes on.',
  waiting: '**Waits for a repair**; the other steps go on.',
};

/** Longest reason that is shown whole. */
const MOST_CHARACTERS = 600;

/** The UI gives a table's cells no padding. */
const GAP = '\u2003';

/** How a workflow stands while it goes, in Markdown: what the Temporal UI shows as its current details. */
export function renderStanding(
  standing: Omit<Standing, 'waiting'> & { readonly waiting: readonly (Waiting | WaitingPart)[] },
  steps: readonly StepView[],
): string {
  const { condition, bytesPerSecond, waiting, awaited } = standing;
  return paragraphs(
    CONDITIONS[condition] +
      (bytesPerSecond === null ? '' : ` Downloads take at most ${formatBytes(bytesPerSecond)}/s.`),
    waiting.map(renderWaiting).join('\n'),
    awaited.map(renderAwaited).join('\n'),
    renderSteps(steps, waiting),
  );
}

/** A table of the steps; nothing where there are none. */
export function renderSteps(steps: readonly StepView[], waiting: readonly WaitingPart[] = []): string {
  return renderRows(
    steps.map((step) => {
      const reasons = waiting.filter((one) => one.step === step.name).map(({ message }) => message);
      // The reason stands above the table.
      const troubles = step.troubles.filter((trouble) => !reasons.includes(trouble));
      const state = reasons.length > 0 ? '**waits for a repair**' : STATES[step.status];
      return [STEPS[step.name].title, state, describeStep({ ...step, troubles })];
    }),
  );
}

/** A table without a head; the first columns keep their words on one line. */
export function renderRows(rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const [first] = rows;
  const lines = rows.map((cells) =>
    cells.map((cell, i) => (i < cells.length - 1 ? `${cell.replace(/ /g, '\u00a0')}${GAP}` : inline(cell))),
  );
  return [first!.map(() => ''), first!.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

export function paragraphs(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}

/** Messages hold what others wrote: file names, answers of servers. They must stay one line of plain text. */
export function inline(text: string): string {
  const short = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return short.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, (character) => `\\${character}`);
}

function renderAwaited(child: AwaitedChild): string {
  return `- ${describeAwaited(child, (id) => `\`${id}\``)}`;
}

/** Times are said as they are in UTC: the reader's zone is not known here. What waits elsewhere keeps its own. */
function renderWaiting(waiting: Waiting | WaitingPart): string {
  const { part, code, message } = waiting;
  if (code === 'PART_PAUSED') return `- \`${part}\` **paused**: ${inline(message)}`;
  const next = 'nextAt' in waiting ? `at ${new Date(waiting.nextAt).toISOString().slice(11, 16)} UTC` : 'by itself';
  return `- \`${part}\` **${code}**: ${inline(message)} Tried again ${next}, or at once with the update \`retry\`.`;
}
