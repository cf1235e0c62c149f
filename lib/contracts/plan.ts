import { formatBytes, formatSeconds } from './format';
import { STEP_NAMES, STEPS, type StepName } from './steps';

/** Name of the query by which a run answers with its {@link RunPlan}. */
export const PLAN_QUERY = 'plan';

/** What a run would do of one step. */
export interface PlannedStep {
  readonly step: StepName;
  /** Parts (seasons, shards) that are there already, and parts in all as far as they are known. */
  readonly reused: number;
  readonly parts: number;
  /** Bytes to fetch. */
  readonly fetchBytes?: number;
  /** Bytes that the step leaves on disk. */
  readonly diskBytes?: number;
  /** Frames to look at; at most so many where nothing is indexed yet. */
  readonly frames?: number;
  /** Seconds on one worker, at the rate of the store's own earlier artifacts; absent while there are none. */
  readonly seconds?: number;
}

/** What a run would do and need. Nothing of it has begun. */
export interface RunPlan {
  readonly trainSeasons: readonly string[];
  readonly validationSeasons: readonly string[];
  readonly steps: readonly PlannedStep[];
  /** Sums of what is known. */
  readonly fetchBytes: number;
  readonly diskBytes: number;
  readonly seconds: number;
  /** Steps to do whose time is not known. */
  readonly unknownSeconds: readonly StepName[];
}

/** Result of a run with `dryRun`. */
export interface DryRun {
  readonly dryRun: true;
  readonly plan: RunPlan;
}

/** The steps that a run does anew: the forced ones and all behind them, in their order. */
export function forcedSteps(force: readonly StepName[]): StepName[] {
  const first = STEP_NAMES.findIndex((step) => force.includes(step));
  return first === -1 ? [] : STEP_NAMES.slice(first);
}

/** How a step stands, in words. */
export function describeState(step: PlannedStep): string {
  if (!isToDo(step)) return 'there already';
  return step.reused > 0 ? 'partly there' : 'to do';
}

/** What a run would need, in a sentence. */
export function describeNeeds({ fetchBytes, diskBytes, seconds, unknownSeconds }: RunPlan): string {
  const unknown = unknownSeconds.map((step) => STEPS[step].title.toLowerCase()).join(', ');
  return (
    `To fetch ${formatBytes(fetchBytes)}, to keep ${formatBytes(diskBytes)}, ${formatSeconds(seconds)} on one worker of each kind` +
    `${unknown === '' ? '' : `, and what the store has no measure of yet: ${unknown}`}.`
  );
}

/** A step is done anew when any part of it is not there. */
export function isToDo({ reused, parts }: PlannedStep): boolean {
  return parts === 0 || reused < parts;
}
