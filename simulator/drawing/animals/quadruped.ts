import { darker, mix } from '../colour';
import { lerp, limb, placed, polygon, smooth, smoothLine, type Point } from '../path';
import type { Random } from '../../random';
import type { Animal, Drawing, Posture } from './animal';

/** Measures of a four-legged animal in centimetres, seen from the side. */
export interface Build {
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
  readonly neck: {
    readonly length: number;
    /** Degrees above the horizontal with the head up, and with the head down. */
    readonly up: number;
    readonly down: number;
    /** Width behind the head. */
    readonly width: number;
  };
  readonly head: Head;
  /** Width of the thigh, the knee and the foot. */
  readonly legs: readonly [thigh: number, knee: number, foot: number];
  readonly feet: 'hooves' | 'paws';
  readonly tail: Tail;
  readonly coat: Coat;
  /** How far quills or a tail that is drawn apart reach beyond the rump, and quills beyond the back. */
  readonly overhang?: { readonly back: number; readonly top: number };
  /** Drawn over the coat: stripes, patches, spots. */
  readonly pattern?: (shape: Shape, random: Random) => string;
  /** Drawn behind the neck and over the shoulders: manes and beards. */
  readonly behindHead?: (shape: Shape, coat: Coat) => string;
}

export interface Head {
  /** From the poll to the lips. */
  readonly length: number;
  /** Degrees below the horizontal, head up and head down. */
  readonly up: number;
  readonly down: number;
  /** How far horns and ears reach from the poll, in lengths of the head. @default 1.35 */
  readonly reach?: number;
  /** Outline and features; the poll is the origin, x to the lips, y to the throat, one unit the head's length. */
  readonly draw: (coat: Coat) => string;
  /** Drawn behind the head: far ear, far horn. */
  readonly drawFar?: (coat: Coat) => string;
}

export interface Tail {
  readonly length: number;
  readonly width: number;
  /** Degrees below the horizontal, backwards. */
  readonly droop: number;
  readonly tuft?: { readonly length: number; readonly width: number; readonly colour: string };
  readonly colour?: string;
}

export interface Coat {
  readonly back: string;
  readonly flank: string;
  readonly belly: string;
  readonly legs: string;
  readonly muzzle: string;
  readonly dark: string;
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

/** In the walk a hind foot is followed by the fore foot of its side, a quarter of the stride apart (Muybridge 1887). */
const FOOTFALLS = { nearHind: 0, nearFore: 0.25, farHind: 0.5, farFore: 0.75 } as const;

/** An animal that is drawn from its measures. */
export function quadruped(build: Build): Animal {
  return (posture, random) => {
    const shape = pose(build, posture);
    return { elements: paint(shape, random), box: boxOf(shape) };
  };
}

export function pose(build: Build, posture: Posture): Shape {
  const { shoulder, rump, length, depth, tuck } = build;
  const base: Point = [length * 0.4, -(shoulder - depth * 0.33)];
  const raised = radians(build.neck.down + (build.neck.up - build.neck.down) * posture.head);
  const poll: Point = [base[0] + Math.cos(raised) * build.neck.length, base[1] - Math.sin(raised) * build.neck.length];
  const headAngle = radians(build.head.down + (build.head.up - build.head.down) * posture.head);
  const across: Point = [Math.sin(raised) * 0.5, Math.cos(raised) * 0.5];
  const width = build.neck.width;
  const nape: Point = [poll[0] - across[0] * width, poll[1] - across[1] * width];
  const throat: Point = [poll[0] + across[0] * width, poll[1] + across[1] * width];
  const withers: Point = [length * 0.1, -(shoulder - depth * 0.1)];
  const chest: Point = [length * 0.49, -(shoulder - depth * 0.62)];
  const sag = (from: Point, to: Point, by: number): Point => {
    const middle = lerp(from, to, 0.5);
    return [middle[0] + across[0] * by, middle[1] + across[1] * by];
  };
  return {
    build,
    trunk: smooth([
      [length * 0.26, -shoulder],
      [length * 0.42, -(shoulder - depth * 0.1)],
      [length * 0.5, -(shoulder - depth * 0.48)],
      [length * 0.38, -(shoulder - depth)],
      [length * 0.05, -(shoulder - depth * 1.01)],
      [-length * 0.26, -(shoulder - depth + tuck)],
      [-length * 0.46, -(rump - depth * 0.78)],
      [-length * 0.51, -(rump - depth * 0.36)],
      [-length * 0.41, -rump],
      [-length * 0.1, -((shoulder + rump) / 2 - depth * 0.04)],
    ]),
    neck: smooth([
      withers,
      sag(withers, nape, -width * 0.02),
      nape,
      throat,
      sag(throat, chest, -width * 0.1),
      chest,
      [length * 0.2, -(shoulder - depth * 0.7)],
    ]),
    neckAxis: [base, poll],
    poll,
    headAngle,
    legs: [
      leg(build, posture, 'hind', true),
      leg(build, posture, 'fore', true),
      leg(build, posture, 'hind', false),
      leg(build, posture, 'fore', false),
    ],
  };
}

function leg(build: Build, posture: Posture, end: 'fore' | 'hind', near: boolean): Leg {
  const { shoulder, rump, length, depth } = build;
  const [thigh, knee, foot] = build.legs;
  const offset = FOOTFALLS[`${near ? 'near' : 'far'}${end === 'fore' ? 'Fore' : 'Hind'}`];
  const turn = 2 * Math.PI * (posture.stride + offset);
  const clearance = shoulder - depth;
  const reach = Math.cos(turn) * clearance * 0.34 * posture.pace + (near ? 0 : clearance * 0.1);
  const lift = Math.max(0, -Math.sin(turn)) * clearance * 0.2 * posture.pace;
  const ground = -lift;
  if (end === 'fore') {
    const top: Point = [length * 0.3, -(shoulder - depth * 0.62)];
    const hoof: Point = [top[0] + length * 0.02 + reach, ground];
    const elbow: Point = [top[0] - length * 0.01, -(shoulder - depth * 0.95)];
    const wrist: Point = [lerp(elbow, hoof, 0.52)[0] + lift * 0.6, lerp(elbow, hoof, 0.5)[1] - lift * 0.1];
    const fetlock: Point = [lerp(wrist, hoof, 0.8)[0] - lift * 0.3, lerp(wrist, hoof, 0.8)[1]];
    return legOf([top, elbow, wrist, fetlock, hoof], [thigh * 0.95, thigh * 0.72, knee, foot * 0.85, foot], near);
  }
  const top: Point = [-length * 0.36, -(rump - depth * 0.5)];
  const hoof: Point = [top[0] - length * 0.05 + reach, ground];
  const stifle: Point = [top[0] + length * 0.07 + reach * 0.25, -(rump - depth * 0.98)];
  const hock: Point = [
    lerp(stifle, hoof, 0.5)[0] - clearance * 0.12 - lift * 0.25,
    lerp(stifle, hoof, 0.5)[1] - lift * 0.2 + 1,
  ];
  const fetlock: Point = [lerp(hock, hoof, 0.82)[0], lerp(hock, hoof, 0.82)[1]];
  return legOf([top, stifle, hock, fetlock, hoof], [thigh * 1.5, thigh, knee, foot * 0.85, foot], near);
}

function legOf(centre: readonly Point[], widths: readonly number[], near: boolean): Leg {
  return { near, centre, outline: limb(centre, widths) };
}

function paint(shape: Shape, random: Random): string {
  const { build } = shape;
  const { coat } = build;
  const headAt = `translate(${shape.poll[0]} ${shape.poll[1]}) rotate(${degrees(shape.headAngle)}) scale(${build.head.length})`;
  const shaded = mix(coat.flank, coat.legs, 0.6);
  return [
    definitions(build),
    tail(build),
    ...shape.legs.filter(({ near }) => !near).map((leg) => paintLeg(leg, build, darker(shaded, 0.35))),
    build.behindHead?.(shape, coat) ?? '',
    `<g transform="${headAt}">${build.head.drawFar?.(coat) ?? ''}</g>`,
    `<path d="${shape.neck}" fill="url(#coat)"/>`,
    `<path d="${shape.trunk}" fill="url(#coat)"/>`,
    ...shape.legs.filter(({ near }) => near).map((leg) => paintLeg(leg, build, 'url(#legs)')),
    build.pattern?.(shape, random) ?? '',
    `<g transform="${headAt}">${build.head.draw(coat)}</g>`,
  ].join('');
}

function definitions({ shoulder, depth, coat }: Build): string {
  const gradient = (id: string, from: number, to: number, stops: readonly (readonly [number, string])[]): string =>
    `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${from}" y2="${to}">` +
    stops.map(([offset, colour]) => `<stop offset="${offset}" stop-color="${colour}"/>`).join('') +
    '</linearGradient>';
  return (
    '<defs>' +
    gradient('coat', -shoulder, depth - shoulder, [
      [0, coat.back],
      [0.35, coat.flank],
      [0.7, coat.flank],
      [1, coat.belly],
    ]) +
    gradient('legs', -(shoulder - depth * 0.6), 0, [
      [0, coat.flank],
      [0.5, coat.legs],
      [1, coat.legs],
    ]) +
    '</defs>'
  );
}

function paintLeg({ centre, outline }: Leg, build: Build, fill: string): string {
  const [x, y] = centre[centre.length - 1]!;
  const width = build.legs[2];
  const toe = width * (build.feet === 'hooves' ? 0.62 : 0.95);
  const foot: Point[] = [
    [x - width * 0.5, y - width * 0.75],
    [x + width * 0.45, y - width * 0.75],
    [x + toe, y],
    [x - width * 0.55, y],
  ];
  const colour = build.feet === 'hooves' ? build.coat.dark : fill;
  const shape = build.feet === 'hooves' ? polygon(foot) : smooth(foot);
  return `<path d="${outline}" fill="${fill}"/><path d="${shape}" fill="${colour}"/>`;
}

function tail(build: Build): string {
  const { tail, rump, length, depth, coat } = build;
  const start: Point = [-length * 0.48, -(rump - depth * 0.12)];
  const line = placed(
    [
      [0, 0],
      [-tail.length * 0.25, -tail.length * 0.04],
      [-tail.length * 0.65, tail.length * 0.03],
      [-tail.length, 0],
    ],
    { x: start[0], y: start[1], angle: -radians(tail.droop) },
  );
  const colour = tail.colour ?? mix(coat.back, coat.flank, 0.5);
  const widths = [tail.width * 1.2, tail.width, tail.width * 0.9, tail.width * 0.6];
  const tuft = tail.tuft === undefined ? '' : tuftAt(line, tail.tuft);
  return `<path d="${limb(line, widths)}" fill="${colour}"/>${tuft}`;
}

function tuftAt(line: readonly Point[], tuft: NonNullable<Tail['tuft']>): string {
  const end = line[line.length - 1]!;
  const before = line[line.length - 2]!;
  const angle = Math.atan2(end[1] - before[1], end[0] - before[0]);
  const outline = placed(
    [
      [-tuft.length * 0.3, -tuft.width * 0.25],
      [tuft.length * 0.3, -tuft.width * 0.5],
      [tuft.length, 0],
      [tuft.length * 0.3, tuft.width * 0.5],
      [-tuft.length * 0.3, tuft.width * 0.25],
    ],
    { x: end[0], y: end[1], angle },
  );
  return `<path d="${smooth(outline)}" fill="${tuft.colour}"/>`;
}

function boxOf({ build, poll }: Shape): Drawing['box'] {
  const reach = build.head.length * (build.head.reach ?? 1.35);
  const { back = 0, top: above = 0 } = build.overhang ?? {};
  const left = -build.length * 0.5 - Math.max(back, build.tail.length + (build.tail.tuft?.length ?? 0)) - 4;
  const right = Math.max(build.length * 0.62, poll[0] + reach);
  const raisedTail = build.tail.droop < 0 ? build.tail.length + (build.tail.tuft?.length ?? 0) : 0;
  const top = Math.min(-build.shoulder - above, -build.rump - Math.max(above, raisedTail), poll[1] - reach) - 4;
  return { x: left, y: top, width: right - left, height: 4 - top };
}

export const radians = (angle: number): number => (angle * Math.PI) / 180;
export const degrees = (angle: number): number => Math.round((angle * 18000) / Math.PI) / 100;

/** A path drawn in the given colour. */
export function line(points: readonly Point[], colour: string, width: number): string {
  return `<path d="${smoothLine(points)}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round"/>`;
}
