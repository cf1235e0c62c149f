import type { ArtifactRef } from './artifact';
import type { Standing } from './control';
import type { Registration } from './judgement';
import type { Progress } from './progress';
import type { RunInput } from './runInput';
import type {
  BackboneRef,
  CatalogRef,
  FramesRef,
  IndexRef,
  MetadataRef,
  ModelRef,
  PickRef,
  ReportRef,
  StepName,
  StepStatus,
  SubmissionRef,
  ValidationRef,
} from './steps';

/** Task queue of workflows and of the activities that work on tables and small files. */
export const IO_TASK_QUEUE = 'serengeti';
/** Task queue of what moves archives and frames for hours and days: nothing short stands behind it. */
export const TRANSFER_TASK_QUEUE = 'serengeti-transfer';
/** Task queue of the activities that use TensorFlow; a worker takes one of them at a time. */
export const GPU_TASK_QUEUE = 'serengeti-gpu';

/**
 * Task queue of activities that only wait and look: they take no part in the work, so they must not take a place of
 * those that do.
 */
export const WATCH_TASK_QUEUE = 'serengeti-watch';

/**
 * What a worker may take for a piece of a workflow. To replay thousands of events takes a busy one longer than the ten
 * seconds that are Temporal's default, and the server would have it replay them again and again.
 */
export const WORKFLOW_TASK_TIMEOUT = '1 minute';

/** Name of the query that every workflow answers with a {@link RunProgress}. */
export const PROGRESS_QUERY = 'progress';

/** Name of the query by which a run answers with its result, `null` while there is none. */
export const RESULT_QUERY = 'result';

/** What an activity gives back: its artifact, and whether that was there already. */
export interface Outcome<R extends ArtifactRef<object> = ArtifactRef<object>> {
  readonly ref: R;
  readonly reused: boolean;
}

/** How far a step is, as the workflow knows it. What runs right now is in the heartbeats of the parts named in `running`. */
export interface StepState {
  readonly status: StepStatus;
  /** Parts of the step (seasons, shards) that are finished, and how many of them were there already. */
  readonly finished: number;
  readonly reused: number;
  /** Units of the finished parts; see {@link Progress}. */
  readonly done: number;
  readonly unit: Progress['unit'];
  /** Units in all, where the workflow knows before the work is done. */
  readonly total?: number;
  /** Activity ids of the parts under way. */
  readonly running: readonly string[];
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

/** Answer of the query `progress`: of a run, or of one of its child workflows. */
export interface RunProgress extends Standing {
  readonly steps: Readonly<Record<StepName, StepState>>;
  /** Workflow ids of children that report their own parts. */
  readonly children: readonly string[];
}

/** When a step's parts began and ended, in milliseconds since 1970. */
export interface Span {
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** Input of `ingestSeason`: finds one season's frames, and fetches its archives where they are wanted. */
export interface IngestInput extends Pick<RunInput, 'frameSource' | 'keepFetched'> {
  readonly catalog: CatalogRef;
  readonly season: string;
  /** Limit on the downloads of one worker that have the same limit, all together. */
  readonly bytesPerSecond?: number | null;
}

/** How a season's frames are to be had. */
export interface SeasonSurvey {
  /** Whether by downloading its archives; else its frames are read at the mirrors, in archives or loose. */
  readonly downloads: boolean;
  /** What was made of it before, in the form that the run asks for. */
  readonly frames?: FramesRef | undefined;
}

export interface IngestResult {
  readonly season: string;
  readonly metadata: MetadataRef;
  readonly frames: FramesRef;
  /** Bytes of archives, or of their directories where only these are read. */
  readonly archiveBytes: number;
  /** What was there already. */
  readonly reused: { readonly metadata: boolean; readonly archive: boolean; readonly frames: boolean };
  /** Without `unzip` where the archives stay at the mirrors. */
  readonly spans: { readonly download: Span; readonly unzip?: Span };
}

/** Input of `featurizeSeason`: turns one season's picked frames into features, shard by shard. */
export interface FeaturizeInput extends Pick<RunInput, 'keepFetched'> {
  readonly catalog: CatalogRef;
  readonly backbone: BackboneRef;
  readonly pick: PickRef;
  readonly frames: FramesRef;
  readonly shards: number;
  /** As of {@link IngestInput}. */
  readonly bytesPerSecond?: number | null;
}

export interface FeaturizeResult {
  readonly season: string;
  readonly shards: number;
  readonly reusedShards: number;
  readonly frames: number;
  /** Frames whose features were there already. */
  readonly reused: number;
  readonly truncated: number;
  readonly unreadable: number;
  readonly span: Span;
  /** Frames that were fetched one by one. */
  readonly fetched?: { readonly shards: number; readonly wireBytes: number; readonly span: Span };
}

/** Result of `trainPipeline`. */
export interface RunResult {
  readonly input: RunInput;
  readonly trainSeasons: readonly string[];
  readonly validationSeasons: readonly string[];
  readonly catalog: CatalogRef;
  readonly indexes: readonly IndexRef[];
  readonly pick: PickRef;
  readonly backbone: BackboneRef;
  readonly model: ModelRef;
  readonly validation: ValidationRef;
  readonly submission: SubmissionRef;
  readonly report: ReportRef;
  /** The model in the registry. */
  readonly registered: Registration;
  readonly frames: {
    readonly seen: number;
    readonly reused: number;
    readonly truncated: number;
    readonly unreadable: number;
  };
  /** Bytes of metadata and archives: fetched by this run, and there already. */
  readonly bytes: { readonly fetched: number; readonly reused: number };
  /** Keys of the artifacts that were there already. */
  readonly reusedKeys: readonly string[];
  /** Seconds from a step's first part to its last; absent where everything was there already. */
  readonly stepSeconds: Readonly<Partial<Record<StepName, number>>>;
}
