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
