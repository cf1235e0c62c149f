import type { ArtifactRef } from './artifact';
import type { Preprocessing } from './preprocessing';
import type { Progress } from './progress';
import type { BackboneName } from './backbone';

/** The steps of a run as people see them, in their order: what they are called, and what is counted of them. */
export const STEPS = {
  catalog: { title: 'Read the catalog', unit: 'steps' },
  download: { title: 'Download seasons', unit: 'bytes' },
  unzip: { title: 'Unzip', unit: 'entries' },
  index: { title: 'Index metadata', unit: 'rows' },
  pick: { title: 'Pick frames', unit: 'rows' },
  features: { title: 'Compute features', unit: 'frames' },
  train: { title: 'Train the head', unit: 'epochs' },
  validate: { title: 'Validate on held-out seasons', unit: 'frames' },
  package: { title: 'Package the submission', unit: 'steps' },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly unit: Progress['unit'] }>>;

export type StepName = keyof typeof STEPS;
export const STEP_NAMES = Object.keys(STEPS) as StepName[];
export type StepStatus = 'waiting' | 'running' | 'done' | 'reused';

/** The catalog as it was when the run began. File: `catalog.json`. */
export interface CatalogSummary {
  readonly name: string;
  readonly seasons: number;
  readonly classes: number;
  readonly trainSeasons: readonly string[];
  readonly validationSeasons: readonly string[];
  /** Of each of these seasons a digest of what the catalog says of it, mirrors included: where its bytes come from. */
  readonly sources: Readonly<Record<string, string>>;
}

/** A season's metadata files as published. Files: under `files/`, by base name. */
export interface MetadataSummary {
  readonly season: string;
  readonly files: readonly string[];
}

/** A season's zip archives as published. Files: under `files/`, by base name. */
export interface ArchiveSummary {
  readonly season: string;
  /** Base names in the catalog's order. */
  readonly files: readonly string[];
}

/**
 * Where the bytes of frames are: `extracted` from archives, one file each in the artifact itself; `packed` there in one
 * zip, because they were fetched; still `archived` in the archives on this side of the wire; `remote` in the archives at
 * the mirrors; `loose` at the mirrors, one by one.
 */
export type FramesForm = 'extracted' | 'packed' | 'archived' | 'remote' | 'loose';

/** Whether frames have to be fetched before they are looked at. */
export function isAtMirrors({ summary: { form } }: FramesRef): boolean {
  return form === 'remote' || form === 'loose';
}

/**
 * A season's frames. Files: `entries.csv` unless {@link FramesForm loose}; extracted, `frames/<file name>`; packed, a zip.
 */
export interface FramesSummary {
  readonly season: string;
  readonly form: FramesForm;
  /** Frames listed; 0 where nothing lists them before they are fetched. */
  readonly entries: number;
  readonly frameBytes: number;
  /** Size of the archives that they are in; 0 where they lie loose. */
  readonly archiveBytes: number;
  /** Bytes that came over the wire to make this: of directories, or of frames fetched one by one. */
  readonly wireBytes: number;
  /** Entries that the archive has but cannot give: wrong CRC, truncated. Listed in `rejected.csv`. */
  readonly rejected: number;
}

/** A season's tables. Files: `frames.parquet`, `sequences.parquet`, `rejected.csv`, `summary.json` (this). */
export interface IndexSummary {
  /** Name of the catalog that the season was first indexed for. */
  readonly catalog: string;
  readonly season: string;
  /** Rows of `frames.parquet`. */
  readonly frames: number;
  /** Rows of `sequences.parquet`, {@link excludedSequences} among them. */
  readonly sequences: number;
  readonly sites: number;
  readonly empties: number;
  /** Frames that the metadata lists and the archive lacks: as a rule those showing people. */
  readonly framesNotInArchive: number;
  /** Files of the archive that the metadata does not list. */
  readonly filesNotInMetadata: number;
  readonly corruptFrames: number;
  readonly rejectedRows: number;
  /** Sequences that no class is left for: their only labels map to nothing, or they have none. Never picked. */
  readonly excludedSequences: number;
  /** Frames that a detector looked at, and what it found in all of them. Absent where the season has no detections. */
  readonly detections?: { readonly frames: number; readonly boxes: number };
}

/** What was picked. Files: `frames.parquet`, `splits.csv`, `counts.json` ({@link PickCounts}). */
export interface PickSummary {
  readonly trainSequences: number;
  readonly trainFrames: number;
  readonly validationSequences: number;
  readonly validationFrames: number;
  /** Share of empty training sequences that was kept, as it came out. */
  readonly keptEmpties: number;
  /** Sites that occur on both sides of the split. */
  readonly sharedSites: number;
  /** How many shards each season's features are computed in. */
  readonly shards: readonly SeasonShards[];
}

/** Shards of a season are numbered from 0; a small pick leaves some of them without frames. */
export interface SeasonShards {
  readonly season: string;
  readonly shards: number;
  /** Picked frames of the season. */
  readonly frames: number;
}

/** A part of a season's picked frames that one activity turns into features. */
export interface ShardId {
  readonly season: string;
  /** From 0, within the season. */
  readonly shard: number;
  readonly frames: number;
}

/** Feature vectors of a shard. Files: `features.npy` (float32, frames × width), `ids.parquet`, `unreadable.csv`. */
export interface FeaturesSummary {
  readonly season: string;
  readonly shard: number;
  readonly frames: number;
  /** Length of a feature vector. */
  readonly width: number;
  /** Frames taken over from earlier shards. */
  readonly reused: number;
  /** Frames whose file ended early and that were used as far as they go. */
  readonly truncated: number;
  readonly unreadable: number;
}

/** A classifier. Files: `saved_model/`, `model.json` ({@link ModelCard}), `labels.txt`, `history.json`, `head.safetensors`. */
export interface ModelSummary {
  readonly backbone: string;
  readonly classes: number;
  readonly epochs: number;
  readonly trainFrames: number;
  readonly loss: number;
}

/** Scores on the held-out seasons. Files: `validation.json` ({@link ValidationResult}), `predictions.csv`, `sequences.csv`. */
export interface ValidationSummary {
  readonly sequences: number;
  readonly frames: number;
  readonly accuracy: number;
  readonly top5: number;
  readonly crossEntropy: number;
  /** Mean aggregated binary log loss, with prior correction. */
  readonly logLoss: number;
  /** 95 % intervals of accuracy and log loss over the held-out sites. */
  readonly accuracyRange: Range;
  readonly logLossRange: Range;
  readonly sites: number;
  /** Share of the animals that are found at 1 − p(empty) ≥ 0.5; absent where there is none. */
  readonly animalRecall?: number;
  readonly macroAveragePrecision: number;
  readonly baselines: Baselines;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** No-skill scores in the same metric: a log loss means nothing without them beside it. */
export interface Baselines {
  /** 1/M for every class. */
  readonly uniform: number;
  /** Class frequencies as they look after dropping empties. */
  readonly sampledPrior: number;
  /** Class frequencies of the training seasons. */
  readonly truePrior: number;
}

/** `submission.zip` and what was seen when it ran. Files: `submission.zip`, `check.json`. */
export interface SubmissionSummary {
  readonly zipBytes: number;
  readonly sha256: string;
  /** Whether the packaged program was run in a clean folder, with what, and how it ended. */
  readonly checked: string;
}

export type CatalogRef = ArtifactRef<CatalogSummary>;
export type MetadataRef = ArtifactRef<MetadataSummary>;
export type ArchiveRef = ArtifactRef<ArchiveSummary>;
export type FramesRef = ArtifactRef<FramesSummary>;
export type IndexRef = ArtifactRef<IndexSummary>;
export type PickRef = ArtifactRef<PickSummary>;
export type FeaturesRef = ArtifactRef<FeaturesSummary>;
export type ModelRef = ArtifactRef<ModelSummary>;
export type ValidationRef = ArtifactRef<ValidationSummary>;
export type SubmissionRef = ArtifactRef<SubmissionSummary>;

/** A backbone as a frozen graph. Files: `saved_model/` (images → pooled features), `backbone.json`. */
export interface BackboneSummary {
  readonly backbone: BackboneName;
  readonly featureWidth: number;
  readonly pooling: 'average' | 'max';
  readonly weightsSha256: string;
  /** Of the photographs that it takes. */
  readonly preprocessing: Preprocessing;
}

export type BackboneRef = ArtifactRef<BackboneSummary>;

/** What people look at after a run. Files: `report.html`, `exploration.html`. One a run, for it carries the run's facts. */
export interface ReportSummary {
  readonly title: string;
}

export type ReportRef = ArtifactRef<ReportSummary>;
