import type { Baselines } from './steps';

/** A figure with its 95 % interval from a bootstrap over sites (over sequences where there are fewer than five sites). */
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
  /** Animal (positive) against empty. */
  readonly blank: {
    readonly accuracy: number;
    readonly precision: number;
    readonly recall: number;
    readonly averagePrecision: number;
  };
  readonly perClass: readonly ClassScore[];
  /** Rows: true class, columns: predicted class, both in the order of `classes`. A sequence with several classes counts in the row of the one predicted, else of its first. */
  readonly confusion: readonly (readonly number[])[];
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
  /** What a reader has to know before believing the figures: little data, classes without examples, shared sites. */
  readonly cautions: readonly string[];
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
