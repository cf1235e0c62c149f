import type { PickCounts } from './pick';

/** What the indexes tell about seasons: everything that the exploration page draws. A few hundred kilobytes at most. */
export interface Exploration {
  readonly emptyClass: string;
  /** In the order they were asked for. */
  readonly seasons: readonly SeasonFacts[];
  /** Sequences by their number of frames, ascending. */
  readonly framesPerSequence: readonly { readonly frames: number; readonly sequences: number }[];
  /** Sequences by their number of species, ascending; 0 are the empty ones. Sequences without a class are not counted. */
  readonly speciesPerSequence: readonly { readonly species: number; readonly sequences: number }[];
  /** All classes of the catalog, those without sequences too, most frequent first. */
  readonly classes: readonly ClassFacts[];
  /** Sequences by calendar month, ascending; undated ones are left out. */
  readonly timeline: readonly { readonly month: string; readonly sequences: number; readonly animals: number }[];
  /** Most sequences first, at most {@link SITES_LISTED}. */
  readonly sites: readonly SiteFacts[];
  /** Number of different sites. */
  readonly siteCount: number;
  /** Sites that two seasons have in common, for each pair with any. */
  readonly sharedSites: readonly { readonly seasons: readonly [string, string]; readonly sites: number }[];
  readonly undatedSequences: number;
  /** What a pick made of the seasons, when one is looked at. */
  readonly pick?: PickFacts;
}

export const SITES_LISTED = 500;

export interface SeasonFacts {
  readonly season: string;
  readonly frames: number;
  readonly sequences: number;
  readonly sites: number;
  readonly empties: number;
  /** Sequences with an animal. */
  readonly animals: number;
  /** Sequences without a class: of people, or without a label. */
  readonly excludedSequences: number;
  /** Frames that the metadata lists and the archive lacks. */
  readonly missingFrames: number;
  readonly corruptFrames: number;
  /** Sequences none of whose frames can be read. */
  readonly unusableSequences: number;
  /** Local time, `YYYY-MM-DD HH:MM:SS`; absent when all are undated. */
  readonly firstDate?: string;
  readonly lastDate?: string;
}

export interface ClassFacts {
  readonly className: string;
  readonly sequences: number;
  readonly frames: number;
  readonly sites: number;
  /** Sequences in each season, in the order of `seasons`. */
  readonly perSeason: readonly number[];
  /** Sequences by hour of the day, 24 of them, local time. */
  readonly hours: readonly number[];
  /** Sequences by month of the year, 12 of them. */
  readonly months: readonly number[];
}

export interface SiteFacts {
  readonly site: string;
  readonly sequences: number;
  readonly animals: number;
  /** In how many of the seasons it occurs. */
  readonly seasons: number;
}

export interface PickFacts {
  readonly trainSeasons: readonly string[];
  readonly validationSeasons: readonly string[];
  readonly counts: PickCounts;
}

/** A sequence to look at. */
export interface SampledSequence {
  readonly season: string;
  readonly site: string;
  readonly sequence: string;
  readonly labels: readonly string[];
  /** Those that can be read, in their order. */
  readonly frames: readonly SampledFrame[];
}

export interface SampledFrame {
  readonly fileName: string;
  /** Position in its sequence, from 1. */
  readonly rank: number;
  /** Local time, `YYYY-MM-DD HH:MM:SS`. */
  readonly datetime?: string;
}
