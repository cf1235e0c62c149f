import type { Baselines } from './steps';

/**
 * A figure with its 95 % interval over the sites of these seasons (over sequences where all are of one site). How much
 * other seasons would differ is no part of it.
 */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** `validation.json`: how a model does on held-out seasons, at their natural class balance. All per sequence. */
export interface ValidationResult {
  readonly seasons: readonly string[];
  readonly classes: readonly string[];
  readonly emptyClass: string;
  readonly sequences: number;
  readonly frames: number;
  readonly sites: number;
  /** Sequences whose most probable class is one of theirs. */
  readonly accuracy: Estimate;
  /** Sequences with one of their classes among the five most probable. */
  readonly top5: Estimate;
  /** Mean −ln of the probability of the true classes (shared equally between several), nats. */
  readonly crossEntropy: Estimate;
  /** Mean aggregated binary log loss after prior correction, nats: −1/(N·M) Σ y ln p + (1−y) ln(1−p). */
  readonly logLoss: Estimate;
  /** The same without prior correction. */
  readonly logLossUncorrected: number;
  readonly baselines: Baselines;
  /** Accuracy of always answering the most frequent class of the validation sequences. */
  readonly majorityAccuracy: number;
  readonly blank: BlankScore;
  /** What looking only at the likelier sequences saves; none where no sequence shows an animal. */
  readonly thresholds: readonly AnimalThreshold[];
  readonly perClass: readonly ClassScore[];
  /** Mean average precision of the classes that have a sequence. */
  readonly macroAveragePrecision: number;
  /** Rows: true class, columns: predicted class, both in the order of `classes`. A sequence with several classes counts in the row of the one predicted, else of its first. */
  readonly confusion: readonly (readonly number[])[];
  /** Sequences at sites that training saw, and at sites that it never saw; absent where there are none. */
  readonly knownSites?: SiteScore;
  readonly newSites?: SiteScore;
  readonly perSeason: readonly GroupScore[];
  readonly perSite: readonly GroupScore[];
  readonly calibration: {
    /** Expected calibration error of the most probable class, 15 equal bins. */
    readonly error: number;
    readonly bins: readonly CalibrationBin[];
  };
  /** Precision against recall for the classes with at least one sequence, thinned for drawing. */
  readonly precisionRecall: readonly {
    readonly className: string;
    readonly points: readonly (readonly [recall: number, precision: number])[];
  }[];
  /** Most confident mistakes first, at most 60. */
  readonly errors: readonly Example[];
  /** Most confident hits first, at most 60, classes taking turns. */
  readonly hits: readonly Example[];
  /** Least sure answers first, at most 24. */
  readonly review: readonly Example[];
  /** What a reader has to know before believing the figures: little data, classes without examples, shared sites. */
  readonly cautions: readonly string[];
}

/** Animal (positive) against empty: an animal is answered where 1 − p(empty) is at least one half. */
export interface BlankScore {
  readonly accuracy: Estimate;
  /** Absent where no animal is answered. */
  readonly precision?: Estimate;
  /** Absent where there is no animal. */
  readonly recall?: Estimate;
  readonly averagePrecision: number;
  /** Animals called animals, animals called empty, and so on. */
  readonly found: number;
  readonly missed: number;
  readonly falseAlarms: number;
  readonly sortedOut: number;
}

/** Looking only at sequences whose 1 − p(empty) is at least a threshold. */
export interface AnimalThreshold {
  /** Share of the animals that is to be found. */
  readonly target: number;
  /** The highest that finds so many of these sequences' animals. */
  readonly threshold: number;
  /** Share of the animals found at each site where the threshold is set on the others: what to expect of new sites. */
  readonly found: Estimate;
  /** Share of the sequences that need no look, likewise; and of those by day and by night, where their hour is known. */
  readonly skipped: Estimate;
  readonly skippedByDay?: Estimate;
  readonly skippedByNight?: Estimate;
}

export interface SiteScore {
  readonly sites: number;
  readonly sequences: number;
  readonly accuracy: Estimate;
  readonly logLoss: Estimate;
}

export interface ClassScore {
  readonly className: string;
  readonly trainSequences: number;
  readonly sequences: number;
  readonly predicted: number;
  /** `null` where the denominator is 0. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly averagePrecision: number | null;
}

export interface GroupScore {
  readonly name: string;
  readonly sequences: number;
  readonly accuracy: number;
  readonly logLoss: number;
}

export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly confidence: number;
  readonly accuracy: number;
}

/** Two models on the same sequences: what the second has more than the first. */
export interface PairedDifference {
  readonly sequences: number;
  readonly sites: number;
  readonly logLoss: Estimate;
  /** Share of right answers. */
  readonly accuracy: Estimate;
  /** Share of the animals that are found; absent where there is none. */
  readonly animalRecall?: Estimate;
  /**
   * Shares of the animals among as many sequences as the first model takes for animals, those that each is surest of: a
   * model that takes everything for an animal finds them all and saves nobody a look. Absent where there is none.
   */
  readonly animalsAmongAsMany?: { readonly first: number; readonly second: number };
}

/** A validated sequence with what was predicted, for galleries. */
export interface Example {
  readonly season: string;
  readonly site: string;
  readonly sequence: string;
  /** The frames that were looked at. */
  readonly fileNames: readonly string[];
  readonly labels: readonly string[];
  /** The five most probable classes. */
  readonly top: readonly { readonly className: string; readonly probability: number }[];
}
