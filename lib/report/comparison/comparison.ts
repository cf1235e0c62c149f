import type { RegisteredModel } from '../../contracts/registry';
import type { PairedDifference, ValidationResult } from '../../contracts/validation';

/** A model and how it did. */
export interface Contender {
  readonly model: RegisteredModel;
  readonly result: ValidationResult;
}

export interface ModelComparison {
  readonly first: Contender;
  readonly second: Contender;
  /** What the second has more on the same sequences; absent where the two were judged on different ones. */
  readonly difference?: PairedDifference;
}
