import { GPU_TASK_QUEUE, IO_TASK_QUEUE, TRANSFER_TASK_QUEUE } from './run';
import type {
  BackboneRef,
  CatalogRef,
  FeaturesRef,
  FramesRef,
  IndexRef,
  MetadataRef,
  ModelRef,
  PickRef,
  StepName,
  ArchiveRef,
  SubmissionRef,
  ValidationRef,
} from './steps';

/** A look or an entry, for which people wait: the first of its queue. */
const LOOK = { queue: IO_TASK_QUEUE, limit: '12 hours', priority: 1 } as const;
/** Work on tables and small files. */
const TABLES = { queue: IO_TASK_QUEUE, limit: '12 hours' } as const;
/** Bytes from afar: terabytes over a thin link. */
const TRANSFER = { queue: TRANSFER_TASK_QUEUE, limit: '30 days' } as const;
/**
 * A season's archive unpacks for hours; each attempt goes on with the entries that are left. Before the next download, so
 * that the other steps of a season begin while the rest is fetched.
 */
const ARCHIVES = { queue: TRANSFER_TASK_QUEUE, limit: '3 days', priority: 2 } as const;
/** TensorFlow. One at a time a GPU. */
const NETWORK = { queue: GPU_TASK_QUEUE, limit: '7 days' } as const;

/**
 * Everything that workers do for workflows: the step of a run that it belongs to as people see it, the queue where it
 * waits for a worker and its priority there, the longest time of an attempt; and of what leaves an artifact, how many of the step's units that is.
 */
export const TASKS = {
  readCatalog: { step: 'catalog', ...LOOK, amount: (_: CatalogRef) => 1 },
  planRun: { step: 'catalog', ...LOOK },
  clearSteps: { step: 'catalog', ...LOOK },
  surveySeason: { step: 'download', ...LOOK },
  downloadMetadata: { step: 'download', ...TRANSFER, amount: ({ bytes }: MetadataRef) => bytes },
  downloadArchive: { step: 'download', ...TRANSFER, amount: ({ bytes }: ArchiveRef) => bytes },
  listArchives: { step: 'download', ...TABLES, amount: ({ summary }: FramesRef) => summary.wireBytes },
  fetchFrames: { step: 'download', ...TRANSFER, amount: ({ summary }: FramesRef) => summary.wireBytes },
  unzipSeason: { step: 'unzip', ...ARCHIVES, amount: ({ summary }: FramesRef) => summary.entries },
  discardArchive: { step: 'unzip', ...ARCHIVES },
  indexSeason: { step: 'index', ...TABLES, amount: ({ summary }: IndexRef) => summary.frames },
  pickFrames: {
    step: 'pick',
    ...TABLES,
    amount: ({ summary }: PickRef) => summary.trainFrames + summary.validationFrames,
  },
  prepareBackbone: { step: 'features', ...NETWORK, amount: (_: BackboneRef) => 0 },
  extractFeatures: { step: 'features', ...NETWORK, amount: ({ summary }: FeaturesRef) => summary.frames },
  shrinkFrames: { step: 'features', ...TABLES },
  trainHead: { step: 'train', ...NETWORK, amount: ({ summary }: ModelRef) => summary.epochs },
  validateModel: { step: 'validate', ...NETWORK, amount: ({ summary }: ValidationRef) => summary.frames },
  packageSubmission: { step: 'package', ...TABLES, amount: (_: SubmissionRef) => 1 },
  writeReport: { step: 'package', ...TABLES },
  registerModel: { step: 'package', ...LOOK },
  surveySeasons: LOOK,
  lookAtSeasons: { step: 'download', ...LOOK },
  planRetraining: LOOK,
  pairChallenger: { step: 'validate', ...LOOK },
  heldOutFrames: { step: 'validate', ...LOOK },
  settleChallenger: { step: 'validate', ...LOOK },
} as const satisfies Readonly<Record<string, TaskFacts>>;

/** By name, where which task it is shows only then. */
const FACTS: Readonly<Record<TaskName, TaskFacts>> = TASKS;

interface TaskFacts {
  readonly step?: StepName;
  readonly queue: string;
  readonly limit: string;
  /** From 1, the first, to 5. @default 3 */
  readonly priority?: number;
  readonly amount?: (ref: never) => number;
}

export type TaskName = keyof typeof TASKS;
/** Tasks that belong to a step of a run. */
export type StepTaskName = { [N in TaskName]: (typeof TASKS)[N] extends { step: unknown } ? N : never }[TaskName];
/** Tasks whose artifacts are booked as parts of their step. */
export type MakerName = { [N in TaskName]: (typeof TASKS)[N] extends { amount: unknown } ? N : never }[TaskName];
/** The artifact that a task leaves. */
export type RefOf<N extends MakerName> = Parameters<(typeof TASKS)[N]['amount']>[0];

/** How a task waits in its queue: after those of a smaller number. */
export function priorityOf(name: TaskName): number {
  return FACTS[name].priority ?? 3;
}

/** The step that a task belongs to; none where it belongs to no run. */
export function stepOf(name: TaskName): StepName | undefined {
  return FACTS[name].step;
}
