import type { SpeciesName } from '../../plan/classes';
import type { Point } from '../path';

/** A four-legged animal in centimetres, seen from the side. */
export interface Build {
  readonly species: SpeciesName;
  /** Height at the withers. */
  readonly shoulder: number;
  /** Height at the croup. */
  readonly rump: number;
  /** From the chest to the buttocks. */
  readonly length: number;
  /** From the withers to the brisket. */
  readonly depth: number;
  /** How much the flank is shallower than the chest. */
  readonly tuck: number;
  /** Its degrees are those above the horizontal with the head up, and with the head down; its width is behind the head. */
  readonly neck: { readonly length: number; readonly up: number; readonly down: number; readonly width: number };
  /** From the poll to the lips; degrees below the horizontal. */
  readonly head: Head & { readonly length: number; readonly up: number; readonly down: number };
  /** Width of the thigh, the knee and the foot. */
  readonly legs: readonly [thigh: number, knee: number, foot: number];
  /** Its droop is in degrees below the horizontal, backwards. */
  readonly tail: { readonly length: number; readonly width: number; readonly droop: number };
  readonly tuft: { readonly length: number; readonly width: number };
  /** How far quills or a tail that is drawn apart reach beyond the rump, and quills beyond the back. */
  readonly overhang: { readonly back: number; readonly top: number };
  readonly coat: Coat;
}

/**
 * A head in units of its own length, as SVG elements: the poll is the origin, x points to the lips, y to the throat.
 */
export interface Head {
  readonly near: string;
  /** Drawn behind the head: far ear, far horn. */
  readonly far: string;
  /** How far horns and ears reach from the poll. */
  readonly reach: number;
}

export interface Coat {
  readonly back: string;
  readonly flank: string;
  readonly belly: string;
  readonly legs: string;
  readonly muzzle: string;
  readonly dark: string;
  readonly face: string;
  readonly tail: string;
  readonly tuft: string;
}

/** Where the parts of a posed animal are: outlines as SVG paths, axes as points. */
export interface Shape {
  readonly build: Build;
  readonly trunk: string;
  readonly neck: string;
  /** From the shoulders to the poll. */
  readonly neckAxis: readonly [Point, Point];
  readonly poll: Point;
  readonly headAngle: number;
  /** Near legs, then far legs: centre lines from the body to the ground, outlines. */
  readonly legs: readonly Leg[];
}

export interface Leg {
  readonly near: boolean;
  readonly centre: readonly Point[];
  readonly outline: string;
}
