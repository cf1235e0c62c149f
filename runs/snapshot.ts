import {
  QueryNotRegisteredError,
  ServiceError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { AwaitedChild, Condition, StepView, Waiting, WaitingPart } from '../lib/contracts/control';
import { ERRORS } from '../lib/contracts/errors';
import type { Progress } from '../lib/contracts/progress';
import { PROGRESS_QUERY, type RunProgress, type StepState } from '../lib/contracts/run';
import { STEP_NAMES, type StepName } from '../lib/contracts/steps';
import { stepOf, type TaskName } from '../lib/contracts/tasks';
import { decodePayloads } from './payloads';
import { Rate } from './rate';

/** A workflow whose worker is away does not answer at all. */
const ANSWER_MILLISECONDS = 3_000;

/** A run with its children, as it is now. */
export interface Snapshot {
  /** Of the run itself. */
  readonly condition: Condition;
  readonly bytesPerSecond: number | null;
  /** In the run and its children; also parts that somebody paused one by one. */
  readonly waiting: readonly (Waiting | WaitingPart)[];
  /** Those of them that the run itself does not know. */
  readonly waitingInChildren: readonly (Waiting | WaitingPart)[];
  /** Children of other runs that it waits for. */
  readonly awaited: readonly AwaitedChild[];
  readonly steps: readonly StepView[];
  readonly parts: readonly RunningPart[];
}

/** A part that is at a worker, or waits for one. */
export interface RunningPart {
  /** Activity id. */
  readonly part: string;
  readonly progress: Progress | undefined;
  /** Why its last attempt failed. */
  readonly trouble: string | undefined;
  /** Whether somebody paused it by itself; it is of this step then. */
  readonly paused?: StepName | undefined;
}

/**
 * Looks at a run again and again: asks its workflows for what they booked and reads the heartbeats of what is running.
 * Goes on through the death of workers: what they last said stays.
 */
export class RunWatcher {
  /** The latest answer of each workflow: one whose worker died cannot answer until there is another. */
  readonly #answers = new Map<string, RunProgress>();
  readonly #rates = new Map<StepName, { readonly rate: Rate; resumed: number }>();

  /** @param rateSeconds - how long a rate looks back */
  constructor(
    private readonly client: Client,
    private readonly rateSeconds = 15,
  ) {}

  async snapshot(workflowId: string): Promise<Snapshot> {
    const ledgers = new Map<string, RunProgress>();
    const parts = new Map<string, RunningPart>();
    await this.#visit(workflowId, ledgers, parts);
    const own = ledgers.get(workflowId);
    const all = [...ledgers.values()];
    const waitingInChildren = [
      ...all.filter((ledger) => ledger !== own).flatMap((ledger) => ledger.waiting),
      ...pausedParts(workflowId, ledgers, parts),
    ];
    const waiting = [...(own?.waiting ?? []), ...waitingInChildren];
    const steps = STEP_NAMES.map((name) => {
      const states = all.map((ledger) => ledger.steps[name]);
      return this.#withRate(withWaiting(mergeStep(name, states, parts), waiting));
    });
    return {
      condition: own?.condition ?? 'running',
      bytesPerSecond: own?.bytesPerSecond ?? null,
      waiting,
      waitingInChildren,
      awaited: own?.awaited ?? [],
      steps,
      parts: [...parts.values()],
    };
  }

  #withRate(step: StepView): StepView {
    if (step.status !== 'running') return step;
    const measured = this.#rates.get(step.name) ?? { rate: new Rate(this.rateSeconds), resumed: 0 };
    this.#rates.set(step.name, measured);
    measured.rate.add(step.done, Date.now(), Math.max(0, step.resumed - measured.resumed));
    measured.resumed = step.resumed;
    const perSecond = measured.rate.perSecond();
    return perSecond === undefined ? step : { ...step, perSecond };
  }

  async #visit(workflowId: string, ledgers: Map<string, RunProgress>, parts: Map<string, RunningPart>): Promise<void> {
    const ledger = await this.#ask(workflowId);
    if (ledger === undefined) return;
    ledgers.set(workflowId, ledger);
    const description = await this.client.workflow.getHandle(workflowId).describe();
    for (const part of await pendingParts(this.client, description)) parts.set(part.part, part);
    await Promise.all(ledger.children.map((child) => this.#visit(child, ledgers, parts)));
  }

  async #ask(workflowId: string): Promise<RunProgress | undefined> {
    try {
      const handle = this.client.workflow.getHandle(workflowId);
      const answer = await this.client.withDeadline(Date.now() + ANSWER_MILLISECONDS, () =>
        handle.query<RunProgress>(PROGRESS_QUERY),
      );
      this.#answers.set(workflowId, answer);
      return answer;
    } catch (error) {
      // A child that was only just named, or a workflow whose worker is away.
      const passing =
        error instanceof WorkflowNotFoundError ||
        error instanceof QueryNotRegisteredError ||
        error instanceof ServiceError;
      if (!passing) throw error;
      return this.#answers.get(workflowId);
    }
  }
}

async function pendingParts(client: Client, { raw }: WorkflowExecutionDescription): Promise<RunningPart[]> {
  const { payloadConverter } = client.options.loadedDataConverter;
  return await Promise.all(
    (raw.pendingActivities ?? []).map(async ({ activityId, activityType, heartbeatDetails, lastFailure, paused }) => {
      const [beat] = await decodePayloads(client, heartbeatDetails?.payloads ?? []);
      return {
        part: activityId ?? '',
        progress: beat && payloadConverter.fromPayload<Progress | undefined>(beat),
        trouble: lastFailure?.timeoutFailureInfo == null ? (lastFailure?.message ?? undefined) : 'its worker was lost',
        ...(paused === true ? { paused: stepOf(activityType?.name as TaskName) } : {}),
      };
    }),
  );
}

/** Children and activities that somebody paused by themselves, in the UI as a rule: the run goes on beside them. */
function pausedParts(
  workflowId: string,
  ledgers: ReadonlyMap<string, RunProgress>,
  parts: ReadonlyMap<string, RunningPart>,
): WaitingPart[] {
  const children = [...ledgers].flatMap(([child, { condition, steps }]) => {
    if (child === workflowId || (condition !== 'paused' && condition !== 'pausing')) return [];
    return [{ part: child, step: STEP_NAMES.findLast((name) => steps[name].status === 'running') ?? 'download' }];
  });
  const activities = [...parts.values()].flatMap(({ part, paused }) =>
    paused === undefined ? [] : [{ part, step: paused }],
  );
  return [...children, ...activities].map((paused) => ({
    ...paused,
    code: 'PART_PAUSED',
    message: `Somebody paused it by itself. ${ERRORS.PART_PAUSED.repair}`,
  }));
}

function mergeStep(name: StepName, states: readonly StepState[], parts: ReadonlyMap<string, RunningPart>): StepView {
  const [own] = states;
  const running = states.flatMap((state) => state.running).flatMap((id) => parts.get(id) ?? []);
  const beats = running.flatMap((part) => part.progress ?? []);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const booked = sum(states.map((state) => state.done));
  // Parts count something else at times, such as the bytes that they read first: that adds up to nothing.
  const isCounted = own?.total !== undefined || booked > 0;
  const unit = (isCounted ? own?.unit : beats[0]?.unit) ?? own?.unit ?? 'steps';
  const progress = beats.filter((beat) => beat.unit === unit);
  const totals = progress.map((part) => part.total);
  const starts = states.flatMap((state) => state.startedAt ?? []);
  const total = own?.total ?? (totals.includes(undefined) ? undefined : booked + sum(totals as number[]));
  const note = beats.map((part) => part.note).find((text) => text !== undefined);
  return {
    name,
    status: statusOf(states),
    unit,
    done: booked + sum(progress.map((part) => part.done)),
    ...(total === undefined ? {} : { total }),
    resumed: sum(progress.map((part) => part.reused ?? 0)),
    parts: sum(states.map((state) => state.finished)),
    reusedParts: sum(states.map((state) => state.reused)),
    ...(note === undefined ? {} : { note }),
    troubles: running.flatMap((part) => part.trouble ?? []),
    ...(starts.length === 0 ? {} : { startedAt: Math.min(...starts) }),
    ...(own?.finishedAt === undefined ? {} : { finishedAt: own.finishedAt }),
  };
}

function withWaiting(step: StepView, waiting: readonly WaitingPart[]): StepView {
  const reasons = waiting.filter((one) => one.step === step.name).map(({ message }) => message);
  return { ...step, troubles: [...reasons, ...step.troubles] };
}

/** The run's own word; while it has none, a step runs when a child is at it. */
function statusOf([own, ...children]: readonly StepState[]): StepView['status'] {
  const status = own?.status ?? 'waiting';
  return status === 'waiting' && children.some((child) => child.status !== 'waiting') ? 'running' : status;
}
