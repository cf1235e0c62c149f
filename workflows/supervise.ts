import {
  allHandlersFinished,
  CancellationScope,
  condition,
  ContinueAsNew,
  defineSignal,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import {
  conditionOf,
  REPORT_SIGNAL,
  type OutcomeName,
  type Report,
  type Standing,
  type StepView,
} from '../lib/contracts/control';
import { STEPS, type StepName } from '../lib/contracts/steps';
import { watch } from './activities';
import { renderDetails } from './details';
import type { Ledger } from './ledger';
import { Attributes, type AttributeValues } from './searchAttributes';

const reportSignal = defineSignal<[Report]>(REPORT_SIGNAL);

/** Shows how a workflow stands in its current details, from its own account alone. */
export function showDetails(ledger: Ledger): void {
  const show = (): void => {
    const steps = viewsOf(ledger).filter(({ status }) => status !== 'waiting');
    setCurrentDetails(renderDetails(ledger.control.standing, steps));
  };
  ledger.onChange = show;
  ledger.control.onChange = show;
}

/**
 * Runs a run's steps and shows how they stand: current details with what the running parts say of themselves, search
 * attributes for lists.
 *
 * @param facts - search attributes that are known from the start
 * @param ending - the outcome of steps that end well
 */
export async function supervise<T>(
  ledger: Ledger,
  facts: AttributeValues,
  ending: OutcomeName,
  steps: (tell: (values: AttributeValues) => void) => Promise<T>,
): Promise<T> {
  let report: Report = { steps: [], waiting: [] };
  const values: AttributeValues = { ...facts };
  let attributes = new Attributes([]);
  const tell = (news: AttributeValues): void => {
    Object.assign(values, news);
    attributes.set(values);
  };
  const show = (): void => {
    const standing = standingOf(ledger, report);
    const views = viewsOf(ledger, report);
    setCurrentDetails(renderDetails(standing, views));
    tell({ SerengetiStage: stageOf(views), SerengetiOutcome: standing.condition });
  };
  setHandler(reportSignal, (latest) => {
    report = latest;
    show();
  });
  ledger.onChange = show;
  ledger.control.onChange = show;

  const watching = new CancellationScope();
  let watched: Promise<void> | undefined;
  try {
    attributes = new Attributes(
      await watch.searchAttributes.executeWithOptions({ summary: 'What lists can show' }, []),
    );
    show();
    watched = watching.run(watchRunningParts);
    const result = await steps(tell);
    tell({ SerengetiOutcome: ending });
    return result;
  } catch (error) {
    if (!(error instanceof ContinueAsNew)) {
      tell({ SerengetiOutcome: (isCancellation(error) ? 'cancelled' : 'failed') satisfies OutcomeName });
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
    await watch.watchRun.executeWithOptions({ activityId: 'watch', summary: 'Rates of what is running' }, []);
  } catch (error) {
    if (!isCancellation(error)) log.warn('The run is not watched any more', { error });
  }
}

function standingOf({ control }: Ledger, { waiting }: Report): Standing {
  const own = control.standing;
  const children = waiting.filter(({ part }) => !own.waiting.some((other) => other.part === part));
  const waitingAll = [...own.waiting, ...(control.children.length === 0 ? [] : children)];
  const all = { ...own, waiting: waitingAll };
  return { ...all, condition: conditionOf(all) };
}

/** The account's own word on what has ended or not begun, the report's on what is running. */
function viewsOf(ledger: Ledger, report?: Report): StepView[] {
  const { steps } = ledger.progress();
  return (Object.keys(STEPS) as StepName[]).map((name) => {
    const { running: _, finished: parts, reused: reusedParts, ...state } = steps[name];
    const own: StepView = { ...state, name, parts, reusedParts, resumed: 0, troubles: [] };
    const reported = report?.steps.find((step) => step.name === name);
    return reported === undefined || own.status === 'done' || own.status === 'reused' ? own : reported;
  });
}

/** The furthest step that has begun. */
function stageOf(views: readonly StepView[]): StepName {
  return views.filter(({ status }) => status !== 'waiting').at(-1)?.name ?? 'catalog';
}
