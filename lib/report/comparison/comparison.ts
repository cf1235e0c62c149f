import type { RegisteredModel } from '../../contracts/registry';
import type { ValidationResult } from '../../contracts/validation';

/** A model and how it did. */
export interface Contender {
  readonly model: RegisteredModel;
  readonly result: ValidationResult;
}

export interface ModelComparison {
  readonly first: Contender;
  readonly second: Contender;
  /** Whether both results are of the same held-out frames. */
  readonly sameFrames: boolean;
  /** Where the page goes. */
  readonly file: string;
}
