import { limb, type Point } from '../path';

/** Horns in units of the head's length, roots on the forehead; x to the lips, y to the throat. */

const tapered = (points: readonly Point[], width: number, colour: string): string => {
  const widths = points.map((_, index) => width * (1 - (0.85 * index) / (points.length - 1)));
  const path = limb(
    points.map(([x, y]): Point => [x * 1000, y * 1000]),
    widths.map((value) => value * 1000),
  ).replace(/-?[\d.]+/g, (number) => String(Math.round(Number(number)) / 1000));
  return `<path d="${path}" fill="${colour}"/>`;
};

const shifted = (points: readonly Point[], dx: number, dy: number): Point[] =>
  points.map(([x, y]): Point => [x + dx, y + dy]);

function pair(points: readonly Point[], width: number, gap: Point = [0.07, 0.03]) {
  return {
    near: (colour: string): string => tapered(points, width, colour),
    far: (colour: string): string => tapered(shifted(points, gap[0], gap[1]), width, colour),
  };
}

/** Nearly straight, ringed, leaning back: Thomson's gazelle, steenbok, dikdik when short. */
export const spikes = (length: number, width = 0.07) =>
  pair(
    [
      [0.16, -0.16],
      [0.1, -0.16 - length * 0.4],
      [-0.02, -0.16 - length * 0.8],
      [-0.03, -0.16 - length],
    ],
    width,
  );

/** An S that leans back and turns up: impala, topi. */
export const lyre = (length: number, width = 0.09) =>
  pair(
    [
      [0.16, -0.16],
      [0.14, -0.16 - length * 0.28],
      [-0.12, -0.16 - length * 0.55],
      [-0.22, -0.16 - length * 0.8],
      [-0.12, -0.16 - length],
    ],
    width,
    [0.13, 0],
  );

/** From a high forehead forwards, then sharply back: hartebeest. */
export const bracket = (length: number) =>
  pair(
    [
      [0.0, -0.2],
      [-0.02, -0.2 - length * 0.35],
      [0.22, -0.2 - length * 0.5],
      [0.24, -0.2 - length * 0.7],
      [0.02, -0.2 - length],
    ],
    0.1,
    [0.1, 0.02],
  );

/** Out and up, a bow like a cow's: wildebeest, cattle. */
export const bow = (length: number, width = 0.1) =>
  pair(
    [
      [0.1, -0.17],
      [0.26, -0.1],
      [0.34, -0.17 - length * 0.35],
      [0.26, -0.17 - length * 0.75],
      [0.14, -0.17 - length],
    ],
    width,
    [-0.34, 0.02],
  );

/** Down, out and hooked up from a heavy boss: buffalo. */
export const boss = () =>
  pair(
    [
      [0.16, -0.24],
      [0.04, -0.1],
      [-0.02, 0.1],
      [-0.2, 0.16],
      [-0.36, 0.0],
      [-0.36, -0.26],
      [-0.28, -0.4],
    ],
    0.26,
    [0.5, -0.04],
  );

/** Straight, twisted, along the line of the face: eland. */
export const twisted = (length: number) =>
  pair(
    [
      [0.12, -0.16],
      [0.0, -0.16 - length * 0.35],
      [-0.15, -0.16 - length * 0.65],
      [-0.32, -0.16 - length],
    ],
    0.12,
    [0.08, 0.02],
  );

/** Back, then the points forwards: reedbuck, waterbuck. */
export const sickle = (length: number, width = 0.09) =>
  pair(
    [
      [0.14, -0.16],
      [-0.04, -0.16 - length * 0.4],
      [-0.12, -0.16 - length * 0.75],
      [-0.0, -0.16 - length],
    ],
    width,
    [0.1, 0.01],
  );
