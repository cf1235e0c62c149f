import type { Workflow, WorkflowResultType } from '@temporalio/workflow';
import type { ArtifactRef } from '../lib/contracts/artifact';
import type { Progress } from '../lib/contracts/progress';
import type { Outcome, RunProgress, Span, StepState } from '../lib/contracts/run';
import { STEP_NAMES, STEPS, type StepName } from '../lib/contracts/steps';
import { TASKS, type MakerName } from '../lib/contracts/tasks';
import type { Label, TaskInput, TaskResult } from './activities';
import type { Control } from './control';
import { executeShared, type SharedChild } from './shared';

/** Keeps account of a workflow's steps, for the query `progress` and the result. */
export class Ledger {
  /** Called when the account has changed. */
  onChange: () => void = () => undefined;

  readonly #steps: Record<StepName, StepState>;
  readonly #reusedKeys: string[] = [];

  constructor(readonly control: Control) {
    const states = STEP_NAMES.map((name) => [name, waiting(STEPS[name].unit)]);
    this.#steps = Object.fromEntries(states) as Record<StepName, StepState>;
  }

  /** Does a task as one part of its step and books its outcome. Nothing is booked of a part that was not needed. */
  async make<N extends MakerName>(name: N, label: Label, input: TaskInput<N>): Promise<TaskResult<N>> {
    const { step, amount } = TASKS[name];
    this.#begin(step, label.id);
    try {
      const result = await this.control.run(name, label, input);
      const outcome = result as Outcome | null;
      if (outcome !== null) this.#finish(step, outcome, (amount as (ref: ArtifactRef<object>) => number)(outcome.ref));
      return result;
    } finally {
      this.#end(step, label.id);
    }
  }

  /** {@link make} for a step that begins when nothing is under way: it is done by the build that did those before it. */
  async makeNext<N extends MakerName>(name: N, label: Label, input: TaskInput<N>): Promise<TaskResult<N>> {
    await this.control.stayWhole();
    return await this.make(name, label, input);
  }

  /** Books a part of a step that was found as it should be. */
  found(step: StepName, ref: ArtifactRef<object>, amount: number): void {
    this.#begin(step, ref.key);
    this.#finish(step, { ref, reused: true }, amount);
    this.#end(step, ref.key);
  }

  /** Runs a child workflow that keeps a ledger of its own. */
  async child<T extends Workflow>(workflow: T, child: SharedChild<T>): Promise<WorkflowResultType<T>> {
    return await this.control.attemptChild(child.workflowId, (belongsTo) => executeShared(workflow, child, belongsTo));
  }

  /** Books parts that a child did. */
  book(
    step: StepName,
    parts: { readonly finished: number; readonly reused: number; readonly done: number; readonly span: Span },
  ): void {
    this.#update(step, (state) => ({
      status: 'running',
      finished: state.finished + parts.finished,
      reused: state.reused + parts.reused,
      done: state.done + parts.done,
      startedAt: Math.min(state.startedAt ?? Infinity, parts.span.startedAt),
      finishedAt: Math.max(state.finishedAt ?? 0, parts.span.finishedAt),
    }));
  }

  /** From a step's first part to its last. */
  span(step: StepName): Span {
    const { startedAt = Date.now(), finishedAt = Date.now() } = this.#steps[step];
    return { startedAt, finishedAt };
  }

  expect(step: StepName, total: number): void {
    this.#update(step, () => ({ total }));
  }

  /** No more parts of the step will come. */
  close(...steps: StepName[]): void {
    for (const step of steps) {
      this.#update(step, (state) => ({
        status: state.finished > 0 && state.reused === state.finished ? 'reused' : 'done',
        total: state.done,
      }));
    }
  }

  /** Keys of the artifacts that were there already. */
  get reusedKeys(): readonly string[] {
    return this.#reusedKeys;
  }

  progress(): RunProgress {
    return { steps: { ...this.#steps }, children: this.control.children, ...this.control.standing };
  }

  /** Seconds from a step's first part to its last; steps that were there already are left out. */
  seconds(): Partial<Record<StepName, number>> {
    return Object.fromEntries(
      Object.entries(this.#steps)
        .filter(([, { status, startedAt }]) => status === 'done' && startedAt !== undefined)
        .map(([name, { startedAt = 0, finishedAt = 0 }]) => [name, (finishedAt - startedAt) / 1000]),
    );
  }

  #begin(step: StepName, id: string): void {
    this.#update(step, (state) => ({
      status: 'running',
      startedAt: state.startedAt ?? Date.now(),
      running: [...state.running, id],
    }));
  }

  #finish(step: StepName, { ref, reused }: Outcome, amount: number): void {
    if (reused) this.#reusedKeys.push(ref.key);
    this.#update(step, (state) => ({
      finished: state.finished + 1,
      finishedAt: Date.now(),
      reused: state.reused + (reused ? 1 : 0),
      done: state.done + amount,
    }));
  }

  #end(step: StepName, id: string): void {
    this.#update(step, (state) => ({ running: state.running.filter((other) => other !== id) }));
  }

  #update(step: StepName, change: (state: StepState) => Partial<StepState>): void {
    const state = this.#steps[step];
    this.#steps[step] = { ...state, ...change(state) };
    this.onChange();
  }
}

function waiting(unit: Progress['unit']): StepState {
  return { status: 'waiting', finished: 0, reused: 0, done: 0, unit, running: [] };
}
