import { darker, lighter, mix } from '../colour';
import { smooth, type Point } from '../path';
import { line, type Coat, type Head } from './quadruped';

/**
 * Heads in units of their own length: the poll is the origin, x points to the lips, y to the throat. Every function
 * gives what lies in front and what lies behind the head.
 */
export interface HeadParts {
  readonly draw: Head['draw'];
  readonly drawFar?: Head['drawFar'];
}

export interface Face {
  /** Depth of the head, 1 for a horse's. */
  readonly depth?: number;
  /** Depth of the muzzle, 1 for a horse's. */
  readonly muzzle?: number;
  readonly ear: Ear;
  readonly horns?: (coat: Coat) => string;
  readonly farHorns?: (coat: Coat) => string;
  /** Markings over the face. */
  readonly marks?: (coat: Coat) => string;
  readonly colour?: (coat: Coat) => string;
}

export interface Ear {
  readonly length: number;
  readonly width: number;
  /** Degrees: 0 points forwards along the head, 90 up from it, 180 backwards. */
  readonly angle: number;
  readonly at?: Point;
  readonly inside?: string;
}

/** A long face: horse, antelope, cow. */
export function longFace(face: Face): HeadParts {
  const d = face.depth ?? 1;
  const m = face.muzzle ?? 1;
  const outline: Point[] = [
    [-0.1, -0.1 * d],
    [0.1, -0.19 * d],
    [0.35, -0.17 * d],
    [0.65, -0.1 * m],
    [0.93, -0.1 * m],
    [1.02, 0.02],
    [0.97, 0.12 * m],
    [0.75, 0.14 * m],
    [0.45, 0.22 * d],
    [0.18, 0.3 * d],
    [-0.08, 0.22 * d],
  ];
  const muzzle: Point[] = [
    [0.78, -0.1 * m],
    [0.93, -0.1 * m],
    [1.02, 0.02],
    [0.97, 0.12 * m],
    [0.77, 0.14 * m],
  ];
  return {
    drawFar: (coat) => `${ear(face.ear, darker(coat.flank, 0.35), -0.1)}${face.farHorns?.(coat) ?? ''}`,
    draw: (coat) => {
      const colour = face.colour?.(coat) ?? coat.flank;
      return [
        `<path d="${fine(outline)}" fill="${colour}"/>`,
        `<path d="${fine(muzzle)}" fill="${coat.muzzle}"/>`,
        face.marks?.(coat) ?? '',
        `<ellipse cx="0.93" cy="-0.02" rx="0.035" ry="0.022" fill="${darker(coat.muzzle, 0.6)}"/>`,
        eye(0.36, -0.05, 0.042),
        face.horns?.(coat) ?? '',
        ear(face.ear, mix(colour, coat.back, 0.5), 0),
      ].join('');
    },
  };
}

/** A round face with a short, deep muzzle: cats. */
export function roundFace(options: { ear: Ear; marks?: (coat: Coat) => string; muzzleLength?: number }): HeadParts {
  const nose = 0.9 + (options.muzzleLength ?? 0);
  const outline: Point[] = [
    [-0.24, -0.2],
    [0.06, -0.36],
    [0.36, -0.31],
    [nose - 0.24, -0.19],
    [nose - 0.02, -0.12],
    [nose + 0.08, 0.02],
    [nose + 0.05, 0.2],
    [nose - 0.08, 0.32],
    [nose - 0.36, 0.35],
    [0.2, 0.38],
    [-0.1, 0.38],
    [-0.3, 0.16],
  ];
  const muzzle: Point[] = [
    [nose - 0.3, 0.04],
    [nose - 0.06, -0.02],
    [nose + 0.06, 0.06],
    [nose + 0.05, 0.2],
    [nose - 0.08, 0.31],
    [nose - 0.34, 0.33],
    [nose - 0.42, 0.18],
  ];
  return {
    drawFar: (coat) => ear(options.ear, darker(coat.flank, 0.3), 0.22),
    draw: (coat) =>
      [
        `<path d="${fine(outline)}" fill="${coat.flank}"/>`,
        `<path d="${fine(muzzle)}" fill="${lighter(coat.belly, 0.2)}"/>`,
        options.marks?.(coat) ?? '',
        `<path d="${fine([
          [nose - 0.1, -0.13],
          [nose + 0.05, -0.08],
          [nose + 0.09, 0.03],
          [nose - 0.04, 0.03],
        ])}" fill="${coat.dark}"/>`,
        line(
          [
            [nose + 0.04, 0.04],
            [nose + 0.01, 0.15],
            [nose - 0.14, 0.2],
            [nose - 0.26, 0.17],
          ],
          coat.dark,
          0.03,
        ),
        eye(0.48, -0.1, 0.055),
        ear(options.ear, coat.flank, 0),
      ].join(''),
  };
}

/** A pointed face: dogs, hyenas, mongooses. */
export function pointedFace(options: { ear: Ear; depth?: number; marks?: (coat: Coat) => string }): HeadParts {
  const d = options.depth ?? 1;
  const outline: Point[] = [
    [-0.18, -0.16 * d],
    [0.12, -0.27 * d],
    [0.4, -0.2 * d],
    [0.62, -0.1 * d],
    [0.95, -0.06 * d],
    [1.03, 0.02],
    [0.95, 0.1 * d],
    [0.6, 0.15 * d],
    [0.3, 0.26 * d],
    [0.0, 0.3 * d],
    [-0.22, 0.16 * d],
  ];
  return {
    drawFar: (coat) => ear(options.ear, darker(coat.flank, 0.35), 0.14),
    draw: (coat) =>
      [
        `<path d="${fine(outline)}" fill="${coat.flank}"/>`,
        `<path d="${fine([
          [0.66, -0.09 * d],
          [0.95, -0.06 * d],
          [1.03, 0.02],
          [0.95, 0.1 * d],
          [0.64, 0.14 * d],
        ])}" fill="${coat.muzzle}"/>`,
        options.marks?.(coat) ?? '',
        `<circle cx="0.99" cy="0.0" r="0.05" fill="${coat.dark}"/>`,
        line(
          [
            [0.96, 0.08 * d],
            [0.7, 0.09 * d],
            [0.55, 0.1 * d],
          ],
          coat.dark,
          0.02,
        ),
        eye(0.42, -0.05, 0.042),
        ear(options.ear, mix(coat.flank, coat.back, 0.4), 0),
      ].join(''),
  };
}

export function eye(x: number, y: number, radius: number): string {
  return (
    `<circle cx="${x}" cy="${y}" r="${radius}" fill="#15100c" class="eye"/>` +
    `<circle cx="${x + radius * 0.3}" cy="${y - radius * 0.35}" r="${radius * 0.3}" fill="#cfc8bd"/>`
  );
}

/** A leaf with its stem at the head. */
export function ear(shape: Ear, colour: string, forward: number): string {
  const [x, y] = shape.at ?? [0.04, -0.15];
  const { length, width } = shape;
  const leaf = (scale: number): string =>
    fine([
      [0, -width * 0.3 * scale],
      [length * 0.45 * scale, -width * 0.5 * scale],
      [length * scale, 0],
      [length * 0.45 * scale, width * 0.5 * scale],
      [0, width * 0.3 * scale],
    ]);
  const inside = shape.inside ?? darker(colour, 0.35);
  return (
    `<g transform="translate(${x + forward} ${y}) rotate(${-shape.angle})">` +
    `<path d="${leaf(1)}" fill="${colour}"/><path d="${leaf(0.72)}" fill="${inside}"/></g>`
  );
}

/** Like `smooth`, for coordinates in head lengths. */
export function fine(points: readonly Point[]): string {
  const scaled = smooth(points.map(([x, y]): Point => [x * 1000, y * 1000]));
  return scaled.replace(/-?[\d.]+/g, (number) => String(Math.round(Number(number)) / 1000));
}
