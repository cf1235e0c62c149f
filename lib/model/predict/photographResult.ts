import type { Detection } from '../../contracts/detection';
import type { TimeSource } from './header';

/** A photograph as the result files list it. */
export interface PhotographResult {
  readonly file: string;
  /** Milliseconds by the camera's clock. */
  readonly taken?: number;
  readonly takenFrom?: TimeSource;
  /** The file ended early, or is damaged, and was used as far as possible; `undefined` where nobody looked. */
  readonly truncated?: boolean | undefined;
  /** What a detector found in it; absent where none looked. */
  readonly boxes?: readonly ClassifiedBox[] | undefined;
  readonly outcome: SequenceOutcome | { readonly failure: string };
}

/** A detection, and what it was taken for. */
export interface ClassifiedBox {
  readonly detection: Detection;
  /** One a class, priors corrected. */
  readonly probabilities: Float64Array;
}

/** What a sequence was taken for: the same for all its photographs. */
export interface SequenceOutcome {
  /** File name of its first photograph. */
  readonly sequence: string;
  /** One a class, priors corrected. */
  readonly probabilities: Float64Array;
}

/** Five digits are enough, and keep files small. */
export function rounded(probability: number): number {
  return Number(Math.min(1, Math.max(0, probability)).toFixed(5));
}
