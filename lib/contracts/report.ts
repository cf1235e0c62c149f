import type { ArtifactKind } from './artifact';
import type { RunRequest } from './runInput';
import type { RunResult, StepState } from './run';
import type { FramesRef, StepName } from './steps';

/** What the pages of a run are written from. */
export interface WriteReportInput {
  readonly run: { readonly workflowId: string; readonly runId: string };
  readonly outcome: Omit<RunResult, 'report' | 'registered'>;
  readonly steps: Readonly<Record<StepName, StepState>>;
  readonly frames: readonly FramesRef[];
}

/** How a run went: what a report says about where its figures come from. */
export interface RunFacts {
  /** Name of the run, as people look it up. */
  readonly run?: string;
  /** When the report was written, ISO 8601. */
  readonly createdAt: string;
  /** Input of the run; pasted back, it starts the same run. */
  readonly input: RunRequest;
  readonly catalog: { readonly name: string; readonly licence: string; readonly citation: string };
  readonly steps: readonly StepFact[];
  readonly artifacts: readonly ArtifactFact[];
  /** Program → version: serengeti, node, TensorFlow… */
  readonly versions: Readonly<Record<string, string>>;
  /** Bytes that went over the network or from another disk. */
  readonly bytesFetched: number;
  /** Bytes that need not be fetched because of earlier runs or because only picked frames were asked for. */
  readonly bytesSaved?: number;
  /** Frames that the model looked at, and how many of them earlier runs had turned into features. */
  readonly frames: {
    readonly seen: number;
    readonly reused: number;
    readonly truncated: number;
    readonly unreadable: number;
  };
  /** Processor, cores, GPU: in words. */
  readonly machine?: string;
}

/** How long a step took and whether there was anything to do. */
export interface StepFact {
  readonly step: StepName;
  /** From the step's first part to its last; absent where everything was there already. */
  readonly seconds?: number;
  /** Parts of the step (seasons, shards), and how many of them were there already. */
  readonly parts: number;
  readonly reused: number;
}

export interface ArtifactFact {
  readonly kind: ArtifactKind;
  readonly key: string;
  readonly bytes: number;
  readonly reused: boolean;
  /** What it holds, in a few words: a season. */
  readonly note?: string;
}
