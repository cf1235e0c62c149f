/** A point in centimetres: x to the front, y downwards, the ground at 0. */
export type Point = readonly [x: number, y: number];

/** Points written as SVG writes them: `x,y x,y`. */
export function points(text: string): Point[] {
  return text.split(' ').map((pair): Point => {
    const [x, y] = pair.split(',').map(Number);
    return [x!, y!];
  });
}

/** A smooth closed shape of one colour. */
export function area(outline: readonly Point[], colour: string): string {
  return `<path d="${smooth(outline)}" fill="${colour}"/>`;
}

/** A smooth line of one colour. */
export function stroke(centre: readonly Point[], colour: string, width: number): string {
  return `<path d="${smoothLine(centre)}" fill="none" stroke="${colour}" stroke-width="${round(width)}" stroke-linecap="round"/>`;
}

export function oval(x: number, y: number, rx: number, ry: number, colour: string): string {
  return `<ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(rx)}" ry="${round(ry)}" fill="${colour}"/>`;
}

/** Fine enough for heads, whose unit is their own length. */
const round = (value: number): string => String(Math.round(value * 1000) / 1000);

/** A closed smooth outline through the points: Catmull and Rom's spline (1974) as cubic Béziers. */
export function smooth(points: readonly Point[]): string {
  const at = (index: number): Point => points[(index + points.length) % points.length]!;
  let path = `M${round(at(0)[0])} ${round(at(0)[1])}`;
  for (let index = 0; index < points.length; index++)
    path += bend(at(index - 1), at(index), at(index + 1), at(index + 2));
  return `${path}Z`;
}

/** An open smooth line through the points. */
function smoothLine(points: readonly Point[]): string {
  const at = (index: number): Point => points[Math.min(points.length - 1, Math.max(0, index))]!;
  let path = `M${round(at(0)[0])} ${round(at(0)[1])}`;
  for (let index = 0; index + 1 < points.length; index++) {
    path += bend(at(index - 1), at(index), at(index + 1), at(index + 2));
  }
  return path;
}

function bend(before: Point, from: Point, to: Point, after: Point): string {
  const x1 = from[0] + (to[0] - before[0]) / 6;
  const y1 = from[1] + (to[1] - before[1]) / 6;
  const x2 = to[0] - (after[0] - from[0]) / 6;
  const y2 = to[1] - (after[1] - from[1]) / 6;
  return `C${round(x1)} ${round(y1)} ${round(x2)} ${round(y2)} ${round(to[0])} ${round(to[1])}`;
}

/** A straight-sided closed outline. */
export function polygon(points: readonly Point[]): string {
  return `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}Z`;
}

/** A tapering limb along the centre line: at each of its points it is as wide as the number beside it says. */
export function limb(centre: readonly Point[], widths: readonly number[]): string {
  const left: Point[] = [];
  const right: Point[] = [];
  centre.forEach((point, index) => {
    const before = centre[Math.max(0, index - 1)]!;
    const after = centre[Math.min(centre.length - 1, index + 1)]!;
    const length = Math.hypot(after[0] - before[0], after[1] - before[1]) || 1;
    const half = widths[index]! / 2;
    const across: Point = [(-(after[1] - before[1]) / length) * half, ((after[0] - before[0]) / length) * half];
    left.push([point[0] + across[0], point[1] + across[1]]);
    right.push([point[0] - across[0], point[1] - across[1]]);
  });
  return smooth([...left, ...right.reverse()]);
}

/** Moves points by turning them about the origin (radians, clockwise on the page), scaling and shifting. */
export function placed(points: readonly Point[], { x, y, angle = 0, scale = 1 }: Place): Point[] {
  const cos = Math.cos(angle) * scale;
  const sin = Math.sin(angle) * scale;
  return points.map(([px, py]) => [x + px * cos - py * sin, y + px * sin + py * cos]);
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly angle?: number;
  readonly scale?: number;
}

export function lerp(from: Point, to: Point, share: number): Point {
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}
