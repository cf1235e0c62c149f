import type { Box } from '../../contracts/detection';
import type { InputSize } from '../../contracts/preprocessing';

/**
 * Of a box's longer side, what its square measures: half of it more on each side. A tenth, as detectors' users often take,
 * lost more by missing surroundings than it gained in pixels.
 */
const WITH_MARGIN = 2;

/** The square around a box, in pixels of the photograph: as `Preprocessing` has it. */
export function squareAround([x, y, boxWidth, boxHeight]: Box, { width, height }: InputSize) {
  const longer = Math.max(boxWidth * width, boxHeight * height);
  const side = Math.max(1, Math.min(Math.floor(WITH_MARGIN * longer + 0.5), width, height));
  const start = (centre: number, whole: number): number =>
    Math.max(0, Math.min(whole - side, Math.floor(centre * whole - side / 2 + 0.5)));
  return { left: start(x + boxWidth / 2, width), top: start(y + boxHeight / 2, height), width: side, height: side };
}
