import type { Box } from './detection';

export type Split = 'train' | 'validation';

/** A frame that stands for its sequence, or a look at a part of it: a row of a pick's `frames.parquet`. */
export interface PickedFrame {
  readonly season: string;
  /** File name within the season's archive, forward slashes; unique in the season. */
  readonly fileName: string;
  /** CRC-32 of its bytes as the archive states it; `null` where frames lie loose and nothing states it. */
  readonly crc32: number | null;
  readonly site: string;
  readonly sequence: string;
  /** Hour of the day when its sequence began, by the camera's clock, 0 to 23; `null` where nothing says. */
  readonly hour: number | null;
  /** Position in its sequence, from 1. */
  readonly rank: number;
  readonly split: Split;
  /** Shard of the season that its features are computed in, from 0. */
  readonly shard: number;
  /** Classes of the sequence, in the catalog's names, sorted; two or more where species share a sequence. */
  readonly labels: readonly string[];
  /** What is looked at; all of the frame where there is none. */
  readonly box?: Box | null;
}

/** Tells a look from the others of its season. */
export function lookKey({ fileName, box }: Pick<PickedFrame, 'fileName' | 'box'>): string {
  return box ? `${fileName}\n${JSON.stringify(box)}` : fileName;
}

/** Sequences of one class in one split, before and after picking. */
export interface ClassCount {
  readonly className: string;
  readonly split: Split;
  /** In the seasons of the split, of those with a frame that can be read and not at a site held out of training. */
  readonly before: number;
  /** Picked. */
  readonly after: number;
}

/** Sequences of one split that one rule took away. */
export interface DroppedCount {
  readonly split: Split;
  readonly reason: string;
  readonly sequences: number;
}

/** `counts.json` of a pick: what the sampling did, class by class, so that a person can check it. */
export interface PickCounts {
  readonly classes: readonly ClassCount[];
  /**
   * All sequences of the training seasons that have a class and a frame that can be read, but for those at sites held out
   * of training, and those picked.
   */
  readonly train: { readonly before: number; readonly after: number };
  readonly validation: { readonly before: number; readonly after: number };
  /**
   * Share of each class's training sequences that was kept, 1 where nothing was dropped. Validation and inference need
   * it to undo the shift of the priors.
   */
  readonly samplingRates: Readonly<Record<string, number>>;
  /** Why sequences were not picked, in the order in which the rules apply. */
  readonly dropped: readonly DroppedCount[];
  /** Sites that occur on both sides of the split, sorted. */
  readonly sharedSites: readonly string[];
}
