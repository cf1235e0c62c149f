/** Left edge, upper edge, width and height, as shares of the width and height of the photograph, upright. */
export type Box = readonly [left: number, top: number, width: number, height: number];

/** What a detector found in a photograph. */
export interface Detection {
  /** As the detector calls it, in lower case; MegaDetector's are `animal`, `person` and `vehicle`. */
  readonly kind: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Within the photograph, not empty. */
  readonly box: Box;
}

/** Of what is taken for an animal. */
export const ANIMAL = 'animal';

/**
 * The looks that a model of crops takes at a photograph: each animal that is sure enough, or all of it, `null`, where
 * there is none.
 */
export function looksAt(detections: readonly Detection[], threshold: number): readonly (Box | null)[] {
  const animals = detections.filter(({ kind, confidence }) => kind === ANIMAL && confidence >= threshold);
  return animals.length > 0 ? animals.map(({ box }) => box) : [null];
}
