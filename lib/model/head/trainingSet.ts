import type { Examples } from '../learning/examples';
import type { FeatureBlocks } from './featureBlocks';

/** What a head learns from. */
export interface TrainingSet {
  readonly blocks: FeatureBlocks;
  readonly examples: Examples;
  /** Sequences behind the rows. */
  readonly sequences: number;
  /** Whether a row is learned from. */
  readonly isLearned: (row: number) => boolean;
}
