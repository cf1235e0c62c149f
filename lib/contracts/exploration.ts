/** What the index of some seasons says about them, added up for looking at: a few hundred kilobytes at any size. */
export interface Exploration {
  /** Name of the catalog. */
  readonly catalog: string;
  readonly classes: readonly string[];
  readonly emptyClass: string;
  readonly seasons: readonly SeasonFacts[];
  /** How many sequences have so many frames; ascending. */
  readonly framesPerSequence: readonly { readonly frames: number; readonly sequences: number }[];
  /** How many sequences show so many classes of animals; 0 for empty ones; ascending. */
  readonly speciesPerSequence: readonly { readonly species: number; readonly sequences: number }[];
  /** In the order of `classes`, those that never occur among them. */
  readonly perClass: readonly ClassFacts[];
  readonly sites: readonly SiteFacts[];
  /** Sequences without a date, or with one that cannot be read; they are in no activity. */
  readonly undatedSequences: number;
  /** What training and validation share, where a split is known. */
  readonly split?: SplitFacts;
}

export interface SeasonFacts {
  readonly season: string;
  readonly frames: number;
  readonly sequences: number;
  readonly sites: number;
  readonly empties: number;
  /** Frames that the metadata lists and the archive lacks: as a rule those showing people. */
  readonly framesNotInArchive: number;
  readonly filesNotInMetadata: number;
  readonly corruptFrames: number;
  readonly rejectedRows: number;
  /** Sequences that no class is left for. */
  readonly excludedSequences: number;
  /** Dates of the first and the last sequence, `YYYY-MM-DD`. */
  readonly first?: string;
  readonly last?: string;
}

export interface ClassFacts {
  readonly className: string;
  readonly sequences: number;
  /** Season → sequences; seasons without any left out. */
  readonly perSeason: Readonly<Record<string, number>>;
  /** Sites where it was seen. */
  readonly sites: number;
  /** Sequences of each hour of the day by the camera's clock; 24 values. */
  readonly hours: readonly number[];
  /** Month `YYYY-MM` → sequences; months without any left out. */
  readonly months: Readonly<Record<string, number>>;
}

export interface SiteFacts {
  readonly site: string;
  readonly frames: number;
  readonly sequences: number;
  readonly empties: number;
  /** Classes of animals that were seen there. */
  readonly species: number;
  readonly seasons: readonly string[];
}

export interface SplitFacts {
  readonly trainSeasons: readonly string[];
  readonly validationSeasons: readonly string[];
  /** Sites on both sides, sorted. */
  readonly sharedSites: readonly string[];
  readonly trainOnlySites: number;
  readonly validationOnlySites: number;
  /** Classes with sequences on one side only. */
  readonly trainOnlyClasses: readonly string[];
  readonly validationOnlyClasses: readonly string[];
}

/** A sequence for the gallery, with all its frames. */
export interface GallerySequence {
  readonly season: string;
  readonly site: string;
  readonly sequence: string;
  readonly labels: readonly string[];
  /** By the camera's clock, `YYYY-MM-DD HH:MM:SS`. */
  readonly datetime?: string;
  /** In the order in which they were taken. */
  readonly fileNames: readonly string[];
}
