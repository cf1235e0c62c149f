import type { Random } from '../../random';
import type { Box } from '../raster';

/** How an animal holds itself in one frame. */
export interface Posture {
  /** Place in the stride, from 0 to 1; the legs repeat after it. */
  readonly stride: number;
  /** Length of the steps: 0 stands, 1 walks out. */
  readonly pace: number;
  /** Height of the head: 1 up and watching, 0 down at the ground. */
  readonly head: number;
}

/** An animal as SVG elements: in centimetres, seen from its right side, facing right, feet on y = 0. */
export interface Drawing {
  readonly elements: string;
  /** What the elements cover. */
  readonly box: Box;
}

/** Draws an animal; what differs between individuals comes from `random`. */
export type Animal = (posture: Posture, random: Random) => Drawing;
