import {
  allHandlersFinished,
  CancellationScope,
  condition,
  ContinueAsNew,
  isCancellation,
  log,
  setCurrentDetails,
} from '@temporalio/workflow';
import {
  conditionOf,
  REPORT_SIGNAL,
  reportSchema,
  type OutcomeName,
  type Report,
  type Waiting,
  type WaitingPart,
  type StepView,
} from '../lib/contracts/control';
import { STEP_NAMES, type StepName } from '../lib/contracts/steps';
import { parseWith } from '../lib/contracts/validate';
import { watch } from './activities';
import { paragraphs, renderStanding, renderSteps } from './details';
import { renderFailure } from './endings';
import type { Ledger } from './ledger';
import { handleSignal } from './signals';
import { Attributes, type AttributeValues } from './searchAttributes';

/** Runs a child's steps and shows in its current details how they stand, from its own account alone. */
export async function showing<T>(ledger: Ledger, steps: () => Promise<T>): Promise<T> {
  const views = (): StepView[] => viewsOf(ledger).filter(({ status }) => status !== 'waiting');
  const show = (): void => setCurrentDetails(renderStanding(ledger.control.standing, views()));
  ledger.onChange = show;
  ledger.control.onChange = show;
  const end = (text: string): void => setCurrentDetails(paragraphs(text, renderSteps(views())));
  try {
    const result = await steps();
    end('**Done.**');
    return result;
  } catch (error) {
    if (!(error instanceof ContinueAsNew)) end(renderFailure(error));
    throw error;
  }
}

/** What a run tells of itself, beside how its steps stand. */
export interface Telling<T> {
  /** Search attributes that are known from the start. */
  readonly facts: AttributeValues;
  /** The outcome of steps that end well. */
  readonly ending: OutcomeName;
  /** What came of them, in Markdown. */
  readonly render: (result: T, steps: readonly StepView[]) => string;
}

/**
 * Runs a run's steps and shows how they stand: current details with what the running parts say of themselves, search
 * attributes for lists.
 */
export async function supervise<T>(
  ledger: Ledger,
  { facts, ending, render }: Telling<T>,
  steps: (tell: (values: AttributeValues) => void) => Promise<T>,
): Promise<T> {
  const told = new Told();
  let ended = false;
  const values: AttributeValues = { ...facts };
  let attributes = new Attributes([]);
  const tell = (news: AttributeValues): void => {
    Object.assign(values, news);
    attributes.set(values);
  };
  const show = (): void => {
    // The watcher's last report may come after the end.
    if (ended) return;
    const views = viewsOf(ledger, told);
    const all = { ...ledger.control.standing, waiting: waitingOf(ledger, told) };
    const condition = conditionOf(all);
    setCurrentDetails(renderStanding({ ...all, condition }, views));
    tell({ SerengetiStage: stageOf(views), SerengetiOutcome: condition });
  };
  const end = (outcome: OutcomeName, text: string): void => {
    ended = true;
    tell({ SerengetiOutcome: outcome });
    setCurrentDetails(text);
  };
  handleSignal(REPORT_SIGNAL, parseReport, (report) => {
    told.take(report);
    show();
  });
  ledger.onChange = show;
  ledger.control.onChange = show;

  const work = new CancellationScope();
  const watching = new CancellationScope();
  let watched: Promise<void> | undefined;
  try {
    attributes = new Attributes(await watch('searchAttributes', { summary: 'What lists can show' }));
    show();
    watched = watching.run(watchRunningParts);
    const result = await work.run(() => steps(tell));
    end(ending, render(result, viewsOf(ledger)));
    return result;
  } catch (error) {
    if (!(error instanceof ContinueAsNew)) {
      const text = paragraphs(renderFailure(error), renderSteps(viewsOf(ledger)));
      end(isCancellation(error) ? 'cancelled' : 'failed', text);
      // Children would go on alone.
      work.cancel();
      await CancellationScope.nonCancellable(() => ledger.control.stopped());
    }
    throw error;
  } finally {
    watching.cancel();
    await CancellationScope.nonCancellable(async () => {
      await watched;
      await condition(allHandlersFinished);
    });
  }
}

async function watchRunningParts(): Promise<void> {
  try {
    await watch('watchRun', { activityId: 'watch', summary: 'Rates of what is running' });
  } catch (error) {
    if (!isCancellation(error)) log.warn('The run is not watched any more', { error });
  }
}

function parseReport(argument: unknown): Report {
  return parseWith(reportSchema, argument, 'INPUT_INVALID', 'The report');
}

/** What the watcher has told of the running parts. */
class Told {
  readonly steps = new Map<StepName, StepView>();
  readonly waiting = new Map<string, WaitingPart>();

  take(report: Report): void {
    if (report.first) {
      this.steps.clear();
      this.waiting.clear();
    }
    for (const step of report.steps) this.steps.set(step.name, step);
    for (const name of report.ended) this.steps.delete(name);
    for (const part of report.waiting) this.waiting.set(part.part, part);
    for (const part of report.settled) this.waiting.delete(part);
  }
}

function waitingOf({ control }: Ledger, told: Told): (Waiting | WaitingPart)[] {
  return [...control.standing.waiting, ...told.waiting.values()];
}

/** The account's own word on what has ended or not begun, the watcher's on what is running. */
function viewsOf(ledger: Ledger, told?: Told): StepView[] {
  const { steps } = ledger.progress();
  return STEP_NAMES.map((name) => {
    const { running: _, finished: parts, reused: reusedParts, ...state } = steps[name];
    const own: StepView = { ...state, name, parts, reusedParts, resumed: 0, troubles: [] };
    const running = told?.steps.get(name);
    return running === undefined || own.status === 'done' || own.status === 'reused' ? own : running;
  });
}

/** The furthest step that has begun. */
function stageOf(views: readonly StepView[]): StepName {
  return views.filter(({ status }) => status !== 'waiting').at(-1)?.name ?? 'catalog';
}
