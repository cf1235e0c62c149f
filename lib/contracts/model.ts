import type { BackboneName } from './backbone';
import type { Preprocessing } from './preprocessing';
import type { TrainingOptions } from './runInput';

/**
 * Makes probabilities right on sequences that training did not learn from: with `sigmoid` outputs
 * logit(p′) = logit(p) / T + b, class by class; with `softmax` outputs p′ ∝ exp(ln p / T + b). Before, p is limited to
 * 10⁻¹² to 1 − 2⁻²³, so that its logit is finite. (Temperature and vector scaling: Guo, Pleiss, Sun, Weinberger 2017,
 * section 4.2.)
 */
export interface Calibration {
  /** T: above 0; above 1 where the model is too sure of itself. */
  readonly temperature: number;
  /** b: one a class. */
  readonly bias: readonly number[];
}

/** `model.json` of a model artifact: everything that inference needs beside the SavedModel. */
export interface ModelCard {
  readonly format: 1;
  readonly backbone: BackboneName;
  /** SHA-256 of the backbone's weights file. */
  readonly weightsSha256: string;
  /** Parts of the backbone that were trained further, in their order. Absent: it is as published. */
  readonly tunedStages?: readonly string[];
  readonly featureWidth: number;
  readonly preprocessing: Preprocessing;
  /** Order of the outputs. */
  readonly classes: readonly string[];
  readonly emptyClass: string;
  readonly output: TrainingOptions['output'];
  /**
   * How the frames of a sequence become one prediction, class by class: `mean` or `max` of the frames' probabilities;
   * `geometric`: the geometric mean for the empty class (nothing counts as less than 1e-12), the mean for the others.
   * `softmax` outputs are divided by their sum afterwards. With `features-mean` and `features-max`, `signature` gives
   * features; their mean, or the largest of each, goes through `headSignature`, which gives the probabilities. The
   * correction by `samplingRates` follows.
   */
  readonly pooling: TrainingOptions['pooling'];
  /** Which frames are looked at; of n frames a number k takes those at ⌊i · (n − 1) / (k − 1)⌋, i from 0 to k − 1. */
  readonly framesPerSequence: 'first' | 'all' | number;
  /**
   * How much the training sequences of each class counted, r: the share that was kept, times their mean weight. Only
   * their ratios matter. They undo the shift of the priors that sampling and weights made:
   *
   * - `softmax`, classes exclude each other: p′ ∝ p / r. (Saerens, Latinne, Decaestecker 2002, equation 2.4.)
   * - `sigmoid`, each class by itself: the same formula for the three ways a sequence can be, with the class c, empty (∅),
   *   or with other animals only:
   *   p′ = (p / r) / (p / r + e / r∅ + (1 − p − e) / o), where e = min(p∅, 1 − p), and o = (R − r∅π∅ − rπ) / (1 − π∅ − π)
   *   is what sequences without the class that are not empty counted (π: `priors`, R: `meanSamplingRate`; 1 / R for 1 / o
   *   where there are none). For ∅ itself e = 0 and o = (R − r∅π∅) / (1 − π∅).
   *
   * Where all classes were thinned alike that changes nothing; where only empties were, it multiplies the odds of empty
   * by 1/r∅ and leaves the other classes' ratios to each other. A class that training never saw, r = 0 or π = 0, counts
   * as the largest rate of the others.
   */
  readonly samplingRates: Readonly<Record<string, number>>;
  /** R: how much a training sequence of any class counted. Absent: Σ πr / Σ π, right where no sequence has two classes. */
  readonly meanSamplingRate?: number;
  /**
   * Applied last, to a sequence after pooling and after the correction by `samplingRates`. Absent: nothing changes.
   */
  readonly calibration?: Calibration;
  /** Class frequencies of the training seasons before sampling: what to predict when there is no photograph. */
  readonly priors: readonly number[];
  readonly trainSeasons: readonly string[];
  /** Of the SavedModel, for single frames: what `pooling` pools. Its default signature corrects what it serves. */
  readonly signature: { readonly name: string; readonly input: string; readonly output: string };
  /** Features to probabilities. There where features are pooled. */
  readonly headSignature?: { readonly name: string; readonly input: string; readonly output: string };
  /** What made it: version of this program, and what it was told. */
  readonly madeBy?: { readonly version: string; readonly training: TrainingOptions; readonly seed: number };
}

/** A head that cross-validation tried. */
export interface CandidateScore {
  /** Widths of its hidden layers. */
  readonly hidden: readonly number[];
  /** Whether the penalty is on the weights of features whitened by their covariance within classes. */
  readonly whitened: boolean;
  /** 1 / C of scikit-learn's logistic regression, on features with one common scale and a weight of 1 a sequence. */
  readonly penalty: number;
  /** On sequences that it did not learn from, at the balance of training, before calibration; nats. */
  readonly logLoss: number;
  readonly standardError: number;
}

/** How a fitted head was chosen: `choice.json`. */
export interface HeadChoice {
  readonly folds: number;
  readonly by: 'site' | 'sequence';
  /** In the order in which they were tried. */
  readonly candidates: readonly CandidateScore[];
  /** Position of the one that was taken. */
  readonly chosen: number;
  /** Log losses of the chosen one on sequences that it did not learn from. */
  readonly leftOut: {
    readonly sequences: number;
    /** After calibration, which was fitted on them. */
    readonly logLoss: number;
    /** Of answering the class frequencies each time. */
    readonly priorLogLoss: number;
  };
  readonly calibration?: Calibration;
}

/** One epoch of training: a row of `history.json`. Of a fitted head, a pass over its frames that lowered the loss. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean training loss over the epoch, dropout active. */
  readonly loss: number;
  readonly accuracy: number;
  /** On the site-disjoint slice of the training seasons, when there is one. */
  readonly monitorLoss?: number;
  readonly monitorAccuracy?: number;
  readonly learningRate: number;
  readonly seconds: number;
  /** The last cells of the backbone learned too. Such epochs follow those of the head and go on with their numbers. */
  readonly fineTuning?: true;
}
