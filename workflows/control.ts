import {
  CancellationScope,
  CancelledFailure,
  condition,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  bandwidthSchema,
  SIGNALS,
  UPDATES,
  type AwaitedChild,
  type Bandwidth,
  type Condition,
  type Standing,
  type Waiting,
} from '../lib/contracts/control';
import { SerengetiError } from '../lib/contracts/errors';
import type { StepName } from '../lib/contracts/steps';
import { stepOf, type TaskName } from '../lib/contracts/tasks';
import { parseWith } from '../lib/contracts/validate';
import { call, type Label, type TaskInput, type TaskResult } from './activities';
import { pauseBefore, troubleOf } from './repair';
import { handleSignal } from './signals';

const pauseUpdate = defineUpdate<Standing>(UPDATES.pause);
const resumeUpdate = defineUpdate<Standing>(UPDATES.resume);
const retryUpdate = defineUpdate<Standing>(UPDATES.retry);
const resumeSignal = defineSignal(SIGNALS.resume);
const retrySignal = defineSignal(SIGNALS.retry);
const setBandwidthUpdate = defineUpdate<Standing, [Bandwidth]>(UPDATES.setBandwidth);

/** Beyond so many events a workflow that does nothing but wait begins a new history. */
const LONG_HISTORY_EVENTS = 4000;
/** A new history has so many more for each child that it joins again. */
const EVENTS_A_CHILD = 20;

/** What is attempted: a part of a step, or a child workflow that does several. */
export interface Place {
  readonly step?: StepName | undefined;
  readonly part: string;
}

/**
 * What a person can do to a workflow under way: pause and resume it, retry what waits, limit its downloads. Everything
 * that takes time goes through {@link attempt}.
 */
export class Control {
  /** Called when how the workflow stands has changed. */
  onChange: () => void = () => undefined;
  /** Begins the workflow anew, with what it knows; finished work is found in the store. */
  beginAnew: (() => Promise<never>) | undefined;

  readonly #underway = new Map<CancellationScope, Place>();
  readonly #waiting = new Map<string, Waiting>();
  /** Children under way, and whose they are once it is known: of this run, or of another one. */
  readonly #children = new Map<string, string | undefined>();
  readonly #build = currentBuild();
  #bytesPerSecond: number | null;
  #paused = false;
  #retries = 0;

  constructor(bytesPerSecond: number | null = null) {
    this.#bytesPerSecond = bytesPerSecond;
    setHandler(pauseUpdate, () => this.#pause(), {
      description: 'Stops what is running at its next safe point and frees the workers. Finished work stays.',
      validator: () => this.#refuse(this.#paused, 'The run is paused already.'),
    });
    setHandler(resumeUpdate, () => this.#resume(), {
      description: 'Goes on where the pause stopped.',
      // A child may have been paused by itself, which only it knows.
      validator: () => this.#refuse(!this.#paused && this.#children.size === 0, 'The run is not paused.'),
    });
    setHandler(retryUpdate, () => this.#retry(), {
      description: 'Tries again at once what waits for a repair.',
      validator: () => {
        this.#refuse(this.#paused, 'The run is paused: resume it instead.');
        this.#refuse(this.#waiting.size === 0 && this.#children.size === 0, 'Nothing waits to be tried again.');
      },
    });
    setHandler(setBandwidthUpdate, (bandwidth) => this.#setBandwidth(bandwidth), {
      description: 'Limits the downloads: {"bytesPerSecond": 10000000}, or {"bytesPerSecond": null} for no limit.',
      validator: (bandwidth) => void parseBandwidth(bandwidth),
    });
    setHandler(resumeSignal, async () => void (await this.#resume()));
    setHandler(retrySignal, async () => void (await this.#retry()));
    handleSignal(SIGNALS.setBandwidth, parseBandwidth, (bandwidth) => this.#setBandwidth(bandwidth));
  }

  get standing(): Standing {
    return {
      condition: this.#condition,
      bytesPerSecond: this.#bytesPerSecond,
      waiting: [...this.#waiting.values()],
      awaited: this.#awaited,
    };
  }

  get bytesPerSecond(): number | null {
    return this.#bytesPerSecond;
  }

  /** Workflow ids of the children under way. */
  get children(): readonly string[] {
    return [...this.#children.keys()];
  }

  /**
   * Between steps, when nothing is under way: where workers of another build have taken the workflow over, it begins anew,
   * so that all of it is made by the defaults and the recipes of one build. What they agree on is found in the store.
   */
  async stayWhole(): Promise<void> {
    if (currentBuild() !== this.#build) await this.beginAnew?.();
  }

  /**
   * Runs something until it succeeds or fails for good. A pause, or a new limit on downloads, cancels it and runs it
   * again afterwards; a failure that can be repaired waits for the repair. So `run` must be such that what it finished
   * before is not done again.
   */
  async attempt<T>(place: Place, run: () => Promise<T>): Promise<T> {
    let failures = 0;
    let since: number | undefined;
    for (;;) {
      await condition(() => !this.#paused);
      const scope = new CancellationScope();
      this.#underway.set(scope, place);
      try {
        return await scope.run(run);
      } catch (error) {
        this.#underway.delete(scope);
        // Whatever it threw when it was stopped says nothing of the work.
        if (CancellationScope.current().consideredCancelled) throw asCancellation(error);
        if (scope.consideredCancelled) continue;
        const trouble = troubleOf(place.step, error);
        if (trouble === undefined) throw error;
        failures += 1;
        since ??= Date.now();
        await this.#waitForRepair({ ...trouble, part: place.part, failures, since });
      } finally {
        this.#underway.delete(scope);
      }
    }
  }

  /** {@link attempt} for a task. What downloads is told the limit as it is then. */
  async run<N extends TaskName>(
    name: N,
    label: Label,
    input: TaskInput<N>,
    step: StepName | undefined = stepOf(name),
  ): Promise<TaskResult<N>> {
    return await this.attempt({ step, part: label.id }, () =>
      call(
        name,
        label,
        step === 'download' ? Object.assign({}, input, { bytesPerSecond: this.#bytesPerSecond }) : input,
      ),
    );
  }

  /** {@link attempt} for a child workflow. Signals reach it only where it belongs to this run. */
  async attemptChild<T>(workflowId: string, run: (belongsTo: (run: string) => void) => Promise<T>): Promise<T> {
    return await this.attempt({ part: workflowId }, async () => {
      this.#children.set(workflowId, undefined);
      let ended = false;
      const belongsTo = (owner: string): void => {
        this.#children.set(workflowId, owner);
        this.onChange();
      };
      try {
        return await Promise.race([run(belongsTo), this.#beginAnewWhenLong(() => ended)]);
      } finally {
        ended = true;
        this.#children.delete(workflowId);
      }
    });
  }

  /** Resolves when nothing is under way any more. */
  async stopped(): Promise<void> {
    await condition(() => this.#underway.size === 0);
  }

  get #condition(): Condition {
    if (this.#paused) return this.#underway.size > 0 ? 'pausing' : 'paused';
    return this.#waiting.size > 0 ? 'waiting' : 'running';
  }

  get #awaited(): readonly AwaitedChild[] {
    const { workflowId: own } = workflowInfo();
    return [...this.#children].flatMap(([workflowId, run]) =>
      run === undefined || run === own ? [] : [{ workflowId, run }],
    );
  }

  async #waitForRepair(trouble: Omit<Waiting, 'nextAt'>): Promise<void> {
    const { part, code, failures } = trouble;
    const milliseconds = pauseBefore(code, failures);
    this.#waiting.set(part, { ...trouble, nextAt: Date.now() + milliseconds });
    log.warn('Waits for a repair', { ...trouble });
    this.onChange();
    try {
      const { historyLength } = workflowInfo();
      if (historyLength > LONG_HISTORY_EVENTS && this.#underway.size === 0) await this.beginAnew?.();
      const retries = this.#retries;
      await condition(() => this.#retries > retries, milliseconds);
    } finally {
      this.#waiting.delete(part);
      this.onChange();
    }
  }

  /** Children go on without a workflow that begins a new history, and are joined there again. */
  async #beginAnewWhenLong(childEnded: () => boolean): Promise<never> {
    const isLong = (): boolean => {
      const { historyLength } = workflowInfo();
      if (historyLength <= LONG_HISTORY_EVENTS + EVENTS_A_CHILD * this.#children.size) return false;
      return !this.#paused && this.beginAnew !== undefined && this.#onlyChildrenAreUnderWay();
    };
    // A child that is told to stop is waited for.
    await CancellationScope.nonCancellable(() => condition(() => childEnded() || isLong()));
    if (childEnded()) throw new CancelledFailure('The child ended first');
    return await this.beginAnew!();
  }

  #onlyChildrenAreUnderWay(): boolean {
    return [...this.#underway.values()].every(({ part }) => this.#children.has(part));
  }

  async #pause(): Promise<Standing> {
    this.#paused = true;
    for (const scope of this.#underway.keys()) scope.cancel();
    this.onChange();
    await condition(() => this.#underway.size === 0 || !this.#paused);
    this.onChange();
    return this.standing;
  }

  async #resume(): Promise<Standing> {
    this.#paused = false;
    this.onChange();
    await this.#tellChildren(SIGNALS.resume);
    return this.standing;
  }

  async #retry(): Promise<Standing> {
    this.#retries += 1;
    await this.#tellChildren(SIGNALS.retry);
    return this.standing;
  }

  async #setBandwidth(bandwidth: Bandwidth): Promise<Standing> {
    this.#bytesPerSecond = bandwidth.bytesPerSecond;
    for (const [scope, { step }] of this.#underway) if (step === 'download') scope.cancel();
    this.onChange();
    await this.#tellChildren(SIGNALS.setBandwidth, bandwidth);
    return this.standing;
  }

  async #tellChildren(signal: string, ...args: readonly unknown[]): Promise<void> {
    await Promise.all(
      this.children.map(async (workflowId) => {
        // One that is just starting has the arguments of before.
        await condition(() => !this.#children.has(workflowId) || this.#children.get(workflowId) !== undefined);
        if (this.#children.get(workflowId) !== workflowInfo().workflowId) return;
        try {
          await getExternalWorkflowHandle(workflowId).signal(signal, ...args);
        } catch (error) {
          // It ended just now: what the signal asks for is of no concern to it any more.
          if (isCancellation(error)) throw error;
          log.info('A child could not be told', { workflowId, signal, error });
        }
      }),
    );
  }

  #refuse(condition: boolean, message: string): void {
    if (condition) throw new SerengetiError('NOT_NOW', message);
  }
}

/** Of the worker at this point of the history; the same in every replay. */
function currentBuild(): string | undefined {
  return workflowInfo().currentDeploymentVersion?.buildId;
}

function parseBandwidth(argument: unknown): Bandwidth {
  return parseWith(bandwidthSchema, argument, 'INPUT_INVALID', 'The bandwidth');
}

function asCancellation(error: unknown): unknown {
  return isCancellation(error) ? error : new CancelledFailure('Cancelled', [], error as Error);
}
