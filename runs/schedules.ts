import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  WorkflowNotFoundError,
  type Client,
  type ScheduleOptions,
  type ScheduleSummary,
} from '@temporalio/client';
import { readDuration } from '../lib/contracts/duration';
import { SerengetiError } from '../lib/contracts/errors';
import { retrainInputSchema, type RetrainRequest, type RetrainResult } from '../lib/contracts/retrain';
import { IO_TASK_QUEUE, WORKFLOW_TASK_TIMEOUT } from '../lib/contracts/run';
import { parseWith } from '../lib/contracts/validate';

/** Longer than any outage: what was missed is made up for, and by one look, because overlapping looks are skipped. */
const CATCH_UP = '365 days';
const RETRAIN = 'retrainOnNewSeasons';

/** When a schedule looks: a cron expression in UTC, or a time such as `6h` or `1 day`. */
export type Timing = { readonly cron: string } | { readonly every: string };

/**
 * Creates a schedule, or gives the one of this id another time and input; whether it is paused stays.
 *
 * @returns whether there was none before
 * @throws SerengetiError INPUT_INVALID
 */
export async function putSchedule(
  client: Client,
  id: string,
  timing: Timing,
  request: RetrainRequest,
): Promise<boolean> {
  const input = parseWith(retrainInputSchema, request, 'INPUT_INVALID', 'The input of the retraining');
  const options = scheduleOptions(id, timing, request, input.catalog);
  try {
    await client.schedule.create(options);
    return true;
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw understood(error, timing);
  }
  try {
    await client.schedule.getHandle(id).update(({ state }) => ({ ...options, state }));
    return false;
  } catch (error) {
    throw understood(error, timing);
  }
}

function scheduleOptions(id: string, timing: Timing, request: RetrainRequest, catalog: string) {
  return {
    scheduleId: id,
    spec:
      'cron' in timing ? { cronExpressions: [timing.cron] } : { intervals: [{ every: milliseconds(timing.every) }] },
    policies: { overlap: 'SKIP', catchupWindow: CATCH_UP },
    action: {
      type: 'startWorkflow',
      workflowType: RETRAIN,
      workflowId: id,
      taskQueue: IO_TASK_QUEUE,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      args: [request],
      staticSummary: `New seasons of ${catalog.slice(0, 150)}`,
    },
  } satisfies ScheduleOptions;
}

function milliseconds(text: string): number {
  const value = readDuration(text) ?? 0;
  if (value > 0) return value;
  throw new SerengetiError('INPUT_INVALID', `A time such as 6h, 1d or 7d is expected, got "${text}".`);
}

/** Of gRPC. */
const INVALID_ARGUMENT = 3;

/** The words of the client or the server on what is wrong with a schedule's time. */
function understood(error: unknown, timing: Timing): unknown {
  const { details, code } = ((error as Error).cause ?? {}) as { readonly details?: string; readonly code?: number };
  const words = error instanceof TypeError ? error.message : code === INVALID_ARGUMENT ? details : undefined;
  if (words === undefined) return error;
  const time = 'cron' in timing ? timing.cron : timing.every;
  return new SerengetiError('INPUT_INVALID', `The time "${time}" is refused: ${words}`, { cause: error });
}

/** A schedule as lists show it. */
export interface ScheduleView {
  readonly id: string;
  readonly paused: boolean;
  readonly note: string;
  readonly next: Date | undefined;
  /** When it looked last. */
  readonly last: Date | undefined;
  /** What came of the last look, or its status while that is going on or failed. */
  readonly outcome: string;
}

/** The schedules of retraining in the namespace. */
export async function readSchedules(client: Client): Promise<ScheduleView[]> {
  const views: ScheduleView[] = [];
  for await (const summary of client.schedule.list()) {
    const workflowType = summary.action?.type === 'startWorkflow' ? summary.action.workflowType : undefined;
    if (workflowType === RETRAIN) views.push(await viewOf(client, summary));
  }
  return views.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function viewOf(client: Client, { scheduleId: id, state, info }: ScheduleSummary): Promise<ScheduleView> {
  const last = info.recentActions.at(-1);
  const started = last?.action.type === 'startWorkflow' ? last.action.workflow : undefined;
  return {
    id,
    paused: state.paused,
    note: state.note ?? '',
    next: state.paused ? undefined : info.nextActionTimes[0],
    last: last?.takenAt,
    outcome: started === undefined ? '' : await outcomeOf(client, started.workflowId, started.firstExecutionRunId),
  };
}

async function outcomeOf(client: Client, workflowId: string, runId: string): Promise<string> {
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    const { status } = await handle.describe();
    if (status.name !== 'COMPLETED') return status.name.toLowerCase();
    const { outcome, reason } = (await handle.result()) as RetrainResult;
    return `${outcome}: ${reason}`;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return 'longer ago than the server keeps';
  }
}

/**
 * Looks now, unless a look is going on, which the server would let this one be skipped for.
 *
 * @returns workflow id of the look that is going on
 * @throws SerengetiError SCHEDULE_UNKNOWN
 */
export async function lookNow(client: Client, id: string): Promise<string | undefined> {
  return await withSchedule(client, id, async (handle) => {
    const [running] = (await handle.describe()).info.runningActions;
    if (running === undefined) await handle.trigger();
    return running?.type === 'startWorkflow' ? running.workflow.workflowId : undefined;
  });
}

/**
 * Does something with a schedule.
 *
 * @throws SerengetiError SCHEDULE_UNKNOWN
 */
export async function withSchedule<T>(
  client: Client,
  id: string,
  use: (handle: ReturnType<Client['schedule']['getHandle']>) => Promise<T>,
): Promise<T> {
  try {
    return await use(client.schedule.getHandle(id));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new SerengetiError('SCHEDULE_UNKNOWN', `There is no schedule "${id}".`, { cause: error, details: { id } });
  }
}
