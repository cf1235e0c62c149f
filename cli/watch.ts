import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPayloadConverter } from '@temporalio/common';
import {
  QueryNotRegisteredError,
  ServiceError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { Progress } from '../lib/contracts/progress';
import { PROGRESS_QUERY, type RunProgress, type StepState } from '../lib/contracts/run';
import { STEPS, type StepName } from '../lib/contracts/steps';

const POLL_MILLISECONDS = 400;
/** A workflow whose worker is away does not answer at all. */
const ANSWER_MILLISECONDS = 3_000;

/** A step as people see it: what the workflow booked, plus what its running parts say in their heartbeats. */
export interface StepView {
  readonly name: StepName;
  readonly title: string;
  readonly status: StepState['status'];
  readonly unit: Progress['unit'];
  readonly done: number;
  readonly total: number | undefined;
  /** Units that were not done anew. */
  readonly resumed: number;
  readonly note: string | undefined;
  /** Parts that failed and wait for another attempt, with the reason. */
  readonly troubles: readonly string[];
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}

interface Part {
  readonly activityId: string;
  readonly progress: Progress | undefined;
  readonly trouble: string | undefined;
}

/** Snapshots of a run until it closes. Goes on through the death of workers: what they last said stays. */
export async function* watchRun(
  client: Client,
  workflowId: string,
  signal: AbortSignal,
): AsyncGenerator<readonly StepView[]> {
  const watcher = new Watcher(client);
  for (;;) {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    yield await watcher.snapshot(workflowId);
    if (status.name !== 'RUNNING') return;
    await sleep(POLL_MILLISECONDS, undefined, { signal });
  }
}

class Watcher {
  /** The latest answer of each workflow: one whose worker died cannot answer until there is another. */
  readonly #answers = new Map<string, RunProgress>();

  constructor(private readonly client: Client) {}

  async snapshot(workflowId: string): Promise<readonly StepView[]> {
    const ledgers: RunProgress[] = [];
    const parts = new Map<string, Part>();
    await this.#visit(workflowId, ledgers, parts);
    const names = Object.keys(STEPS) as StepName[];
    return names.map((name) =>
      mergeStep(
        name,
        ledgers.map((ledger) => ledger.steps[name]),
        parts,
      ),
    );
  }

  async #visit(workflowId: string, ledgers: RunProgress[], parts: Map<string, Part>): Promise<void> {
    const ledger = await this.#ask(workflowId);
    if (ledger === undefined) return;
    ledgers.push(ledger);
    const description = await this.client.workflow.getHandle(workflowId).describe();
    for (const part of pendingParts(description)) parts.set(part.activityId, part);
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

function pendingParts({ raw }: WorkflowExecutionDescription): Part[] {
  return (raw.pendingActivities ?? []).map(({ activityId, heartbeatDetails, lastFailure }) => {
    const payload = heartbeatDetails?.payloads?.[0];
    return {
      activityId: activityId ?? '',
      progress: payload == null ? undefined : defaultPayloadConverter.fromPayload<Progress | undefined>(payload),
      trouble: lastFailure?.message ?? undefined,
    };
  });
}

function mergeStep(name: StepName, states: readonly StepState[], parts: ReadonlyMap<string, Part>): StepView {
  const [own] = states;
  const running = states.flatMap((state) => state.running).flatMap((id) => parts.get(id) ?? []);
  const progress = running.flatMap((part) => part.progress ?? []);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const booked = sum(states.map((state) => state.done));
  const totals = progress.map((part) => part.total);
  const starts = states.flatMap((state) => state.startedAt ?? []);
  return {
    name,
    title: STEPS[name],
    status: statusOf(states),
    unit: progress[0]?.unit ?? own?.unit ?? 'steps',
    done: booked + sum(progress.map((part) => part.done)),
    total: own?.total ?? (totals.includes(undefined) ? undefined : booked + sum(totals as number[])),
    resumed: sum(progress.map((part) => part.reused ?? 0)),
    note: progress.map((part) => part.note).find((note) => note !== undefined),
    troubles: running.flatMap((part) => part.trouble ?? []),
    startedAt: starts.length === 0 ? undefined : Math.min(...starts),
    finishedAt: own?.finishedAt,
  };
}

/** The run's own word; while it has none, a step runs when a child is at it. */
function statusOf([own, ...children]: readonly StepState[]): StepView['status'] {
  const status = own?.status ?? 'waiting';
  return status === 'waiting' && children.some((child) => child.status !== 'waiting') ? 'running' : status;
}
