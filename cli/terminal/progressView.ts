import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { StepView } from '../../lib/contracts/control';
import { STEPS, type StepName } from '../../lib/contracts/steps';
import { describeStep } from '../../lib/contracts/stepText';

const PLAIN_INTERVAL_MILLISECONDS = 5_000;

/** Shows the steps of a run as they go. */
export interface ProgressView {
  update(steps: readonly StepView[]): void;
  stop(): void;
}

/** Bars on a terminal, a line now and then elsewhere. */
export function createProgressView(output: NodeJS.WriteStream = process.stdout): ProgressView {
  return output.isTTY ? new BarsView(output) : new LinesView(output);
}

/** {@link describeStep}, and whether there was nothing to do. */
function describe(step: StepView): string {
  const text = describeStep(step);
  return step.status === 'reused' ? [text, 'there already'].filter((part) => part !== '').join(', ') : text;
}

/** The steps as lines of text, for a look at a run. */
export function stepLines(steps: readonly StepView[]): string[] {
  return steps.map((step) => `  ${markOf(step)} ${STEPS[step.name].title.padEnd(30)} ${describe(step)}`.trimEnd());
}

function markOf({ status }: StepView): string {
  if (status === 'waiting') return ' ';
  return status === 'running' ? '▸' : '✔';
}

class BarsView implements ProgressView {
  readonly #bars: MultiBar;
  readonly #byStep = new Map<StepName, SingleBar>();

  constructor(output: NodeJS.WriteStream) {
    this.#bars = new MultiBar(
      {
        stream: output,
        format: '  {mark} {title} {bar} {text}',
        barsize: 24,
        hideCursor: true,
        linewrap: false,
        gracefulExit: false,
        emptyOnZero: true,
        autopadding: true,
      },
      Presets.shades_classic,
    );
  }

  update(steps: readonly StepView[]): void {
    for (const step of steps) {
      const bar = this.#byStep.get(step.name) ?? this.#bars.create(1, 0, {});
      this.#byStep.set(step.name, bar);
      const finished = step.status === 'done' || step.status === 'reused';
      const share = finished ? 1 : step.total === undefined || step.total === 0 ? 0 : step.done / step.total;
      bar.update(Math.min(share, 1), {
        mark: markOf(step),
        title: STEPS[step.name].title.padEnd(30),
        text: describe(step),
      });
    }
    this.#bars.update();
  }

  stop(): void {
    this.#bars.stop();
  }
}

class LinesView implements ProgressView {
  readonly #output: NodeJS.WriteStream;
  readonly #said = new Map<StepName, Said>();

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  update(steps: readonly StepView[]): void {
    for (const step of steps) {
      const said = this.#said.get(step.name);
      if (!isNews(step, said)) continue;
      this.#said.set(step.name, { step, time: Date.now() });
      const begins = said === undefined && step.status === 'running' && step.troubles.length === 0;
      this.#output.write(`${STEPS[step.name].title}: ${begins ? 'started' : describe(step)}\n`);
    }
  }

  stop(): void {
    // Lines need no end.
  }
}

/** What was last written of a step, and when. */
interface Said {
  readonly step: StepView;
  readonly time: number;
}

/** A change of status or a new trouble at once, progress now and then. */
function isNews(step: StepView, said: Said | undefined): boolean {
  if (step.status === 'waiting') return false;
  if (said === undefined || step.status !== said.step.status) return true;
  if (step.troubles[0] !== undefined && step.troubles[0] !== said.step.troubles[0]) return true;
  return step.done !== said.step.done && Date.now() - said.time > PLAIN_INTERVAL_MILLISECONDS;
}
