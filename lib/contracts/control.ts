import { z } from 'zod';
import { isErrorCode, type ErrorCode } from './errors';
import type { Progress } from './progress';
import { STEP_NAMES, type StepName, type StepStatus } from './steps';

// Workflow code runs in a sandbox that refuses generated functions; zod's compiled validators would be such.
z.config({ jitless: true });

/** Names of the updates that every workflow of a run takes. */
export const UPDATES = { pause: 'pause', resume: 'resume', retry: 'retry', setBandwidth: 'setBandwidth' } as const;

/** Names of the signals by which a run hands a command on to its children. */
export const SIGNALS = { resume: 'resume', retry: 'retry', setBandwidth: 'setBandwidth' } as const;

/** Name of the signal by which the watcher tells a run what its running parts say. */
export const REPORT_SIGNAL = 'report';

/** Argument of the update `setBandwidth`. */
export const bandwidthSchema = z.strictObject({
  /** What the downloads of a run may take, all together on one worker; `null` takes the limit away. */
  bytesPerSecond: z.int().min(1000).max(1e12).nullable(),
});

export type Bandwidth = z.output<typeof bandwidthSchema>;

/**
 * What a run as a whole is at: `pausing` until the last step has stopped; `waiting` when a step waits for a person's
 * repair.
 */
export type Condition = 'running' | 'pausing' | 'paused' | 'waiting';

/** How a run stands or ended, as the search attribute `SerengetiOutcome` tells it. */
export type OutcomeName = Condition | 'done' | 'planned' | 'failed' | 'cancelled';

/** A part of a step that failed and waits: for a person's repair, for `retry`, or for the next attempt by itself. */
export interface Waiting {
  readonly step: StepName;
  /** Activity id. */
  readonly part: string;
  readonly code: ErrorCode;
  /** What went wrong, with its place, and what to do. */
  readonly message: string;
  /** Attempts so far that ended in waiting. */
  readonly failures: number;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly nextAt: number;
}

/** Answer of the updates `pause`, `resume`, `retry` and `setBandwidth`: how the run stands now. */
export interface Standing {
  readonly condition: Condition;
  readonly bytesPerSecond: number | null;
  readonly waiting: readonly Waiting[];
  /** Children of other runs that this one needs too. They obey those runs alone. */
  readonly awaited: readonly AwaitedChild[];
}

export interface AwaitedChild {
  readonly workflowId: string;
  /** Workflow id of the run that started it. */
  readonly run: string;
}

/** How a run stands with its children: where one of them waits, it waits, though nothing of its own does. */
export function conditionOf({
  condition,
  waiting,
}: Pick<Standing, 'condition'> & { readonly waiting: readonly unknown[] }): Condition {
  return condition === 'running' && waiting.length > 0 ? 'waiting' : condition;
}

/** A step as people see it: what the workflow booked, plus what its running parts say in their heartbeats. */
export interface StepView {
  readonly name: StepName;
  readonly status: StepStatus;
  readonly unit: Progress['unit'];
  readonly done: number;
  readonly total?: number;
  /** Units that were not done anew. */
  readonly resumed: number;
  /** Parts of the step (seasons, shards) that are finished, and how many of them were there already. */
  readonly parts: number;
  readonly reusedParts: number;
  /** Units a second over the last while; absent while there is nothing to measure. */
  readonly perSecond?: number;
  readonly note?: string;
  /** Parts that failed and are tried again, with the reason. */
  readonly troubles: readonly string[];
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

/** What is said of a waiting part to those who do not try it again themselves. */
export type WaitingPart = Pick<Waiting, 'step' | 'part' | 'code' | 'message'>;

const stepName = z.enum(STEP_NAMES);

const stepViewSchema = z.object({
  name: stepName,
  status: z.enum(['waiting', 'running', 'done', 'reused']),
  unit: z.enum(['bytes', 'entries', 'rows', 'frames', 'epochs', 'steps']),
  done: z.number(),
  total: z.number().optional(),
  resumed: z.number(),
  parts: z.number(),
  reusedParts: z.number(),
  perSecond: z.number().optional(),
  note: z.string().optional(),
  troubles: z.array(z.string()).readonly(),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
});

/** What the watcher tells a run of its running parts: only what has changed since it last told something. */
export const reportSchema = z.object({
  /** The first of a watcher, who knows nothing of what another one told before. */
  first: z.boolean(),
  /** Steps that run, and are further than they were. */
  steps: z.array(stepViewSchema).readonly(),
  /** Steps that run no more. */
  ended: z.array(stepName).readonly(),
  /** Parts that wait, in the run and its children, and did not before. */
  waiting: z
    .array(
      z.object({
        step: stepName,
        part: z.string(),
        code: z.custom<ErrorCode>((code) => typeof code === 'string' && isErrorCode(code)),
        message: z.string(),
      }),
    )
    .readonly(),
  /** Parts that wait no more. */
  settled: z.array(z.string()).readonly(),
});

export type Report = z.output<typeof reportSchema>;
