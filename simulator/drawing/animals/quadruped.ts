import type { SpeciesName } from '../../plan/classes';
import type { Random } from '../../random';
import { darker, mix } from '../colour';
import { area, lerp, limb, placed, polygon, smooth, type Point } from '../path';
import type { Animal, Drawing, Posture } from './animal';
import { faceOf } from './faces';
import { HAIR } from './hair';
import { COATS, MEASURES } from './measures';
import { PATTERNS } from './patterns';
import type { Build, Coat, Leg, Shape } from './shape';
import { numbers, radians } from './table';

/** Hooves end square and are dark; everyone else has paws. */
const HOOFED: ReadonlySet<string> = new Set(
  (
    'bushbuck eland hartebeest reedbuck topi waterbuck dikdik duiker steenbok gazellegrants gazellethomsons impala giraffe ' +
    'zebra buffalo cattle wildebeest warthog'
  ).split(' '),
);

export const QUADRUPEDS = [...MEASURES.keys()] as readonly SpeciesName[];

/** An animal that is drawn from its measures. */
export function quadruped(species: SpeciesName): Animal {
  const build = buildOf(species);
  return (posture, random) => {
    const shape = pose(build, posture);
    return { elements: paint(shape, random), box: boxOf(shape) };
  };
}

function buildOf(species: SpeciesName): Build {
  const take = numbers(MEASURES.get(species)!);
  const [shoulder, rump, length, depth, tuck] = take(5);
  const [neck, neckUp, neckDown, neckWidth] = take(4);
  const [head, headUp, headDown] = take(3);
  const legs = take(3);
  const [tail, tailWidth, droop] = take(3);
  const [tuft, tuftWidth] = take(2);
  const [back, top] = take(2);
  const coat = coatOf(species);
  return {
    ...{ species, shoulder, rump, length, depth, tuck, coat },
    neck: { length: neck, up: neckUp, down: neckDown, width: neckWidth },
    head: { length: head, up: headUp, down: headDown, ...faceOf(species, coat) },
    legs,
    tail: { length: tail, width: tailWidth, droop },
    tuft: { length: tuft, width: tuftWidth },
    overhang: { back, top },
  };
}

function coatOf(species: SpeciesName): Coat {
  const [back = '', flank = '', belly = '', legs = '', muzzle = '', dark = '', face = flank, tail, tuft = dark] =
    COATS.get(species)!;
  return { back, flank, belly, legs, muzzle, dark, face, tail: tail ?? mix(back, flank, 0.5), tuft };
}

/** In the walk a hind foot is followed by the fore foot of its side, a quarter of the stride apart (Muybridge 1887). */
const FOOTFALLS = { nearHind: 0, nearFore: 0.25, farHind: 0.5, farFore: 0.75 } as const;

function pose(build: Build, posture: Posture): Shape {
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
    const centre = [top, elbow, wrist, fetlock, hoof];
    return { near, centre, outline: limb(centre, [thigh * 0.95, thigh * 0.72, knee, foot * 0.85, foot]) };
  }
  const top: Point = [-length * 0.36, -(rump - depth * 0.5)];
  const hoof: Point = [top[0] - length * 0.05 + reach, ground];
  const stifle: Point = [top[0] + length * 0.07 + reach * 0.25, -(rump - depth * 0.98)];
  const hock: Point = [
    lerp(stifle, hoof, 0.5)[0] - clearance * 0.12 - lift * 0.25,
    lerp(stifle, hoof, 0.5)[1] - lift * 0.2 + 1,
  ];
  const centre = [top, stifle, hock, lerp(hock, hoof, 0.82), hoof];
  return { near, centre, outline: limb(centre, [thigh * 1.5, thigh, knee, foot * 0.85, foot]) };
}

function paint(shape: Shape, random: Random): string {
  const { build, legs, poll } = shape;
  const { coat, head, species } = build;
  const headAt = `translate(${poll[0]} ${poll[1]}) rotate(${degrees(shape.headAngle)}) scale(${head.length})`;
  const shaded = darker(mix(coat.flank, coat.legs, 0.6), 0.35);
  return [
    definitions(build),
    tail(build),
    ...legs.filter(({ near }) => !near).map((leg) => paintLeg(leg, build, shaded)),
    HAIR[species]?.(shape) ?? '',
    `<g transform="${headAt}">${head.far}</g>`,
    `<path d="${shape.neck}" fill="url(#coat)"/>`,
    `<path d="${shape.trunk}" fill="url(#coat)"/>`,
    ...legs.filter(({ near }) => near).map((leg) => paintLeg(leg, build, 'url(#legs)')),
    PATTERNS[species]?.(shape, random) ?? '',
    `<g transform="${headAt}">${head.near}</g>`,
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

function paintLeg({ centre, outline }: Leg, { species, legs, coat }: Build, fill: string): string {
  const [x, y] = centre[centre.length - 1]!;
  const width = legs[2];
  const hoofed = HOOFED.has(species);
  const foot: Point[] = [
    [x - width * 0.5, y - width * 0.75],
    [x + width * 0.45, y - width * 0.75],
    [x + width * (hoofed ? 0.62 : 0.95), y],
    [x - width * 0.55, y],
  ];
  const end = hoofed ? `<path d="${polygon(foot)}" fill="${coat.dark}"/>` : area(foot, fill);
  return `<path d="${outline}" fill="${fill}"/>${end}`;
}

function tail({ tail, tuft, rump, length, depth, coat }: Build): string {
  const start: Point = [-length * 0.48, -(rump - depth * 0.12)];
  const line = placed(
    [0, 0.25, 0.65, 1].map((share, index): Point => [-tail.length * share, tail.length * [0, -0.04, 0.03, 0][index]!]),
    { x: start[0], y: start[1], angle: -radians(tail.droop) },
  );
  const widths = [tail.width * 1.2, tail.width, tail.width * 0.9, tail.width * 0.6];
  return `<path d="${limb(line, widths)}" fill="${coat.tail}"/>${tuft.length > 0 ? tuftAt(line, tuft, coat.tuft) : ''}`;
}

function tuftAt(line: readonly Point[], tuft: Build['tuft'], colour: string): string {
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
  return area(outline, colour);
}

function boxOf({ build, poll }: Shape): Drawing['box'] {
  const { head, tail, tuft, overhang } = build;
  const reach = head.length * head.reach;
  const left = -build.length * 0.5 - Math.max(overhang.back, tail.length + tuft.length) - 4;
  const right = Math.max(build.length * 0.62, poll[0] + reach);
  const raisedTail = tail.droop < 0 ? tail.length + tuft.length : 0;
  const top =
    Math.min(-build.shoulder - overhang.top, -build.rump - Math.max(overhang.top, raisedTail), poll[1] - reach) - 4;
  return { x: left, y: top, width: right - left, height: 4 - top };
}

const degrees = (angle: number): number => Math.round((angle * 18000) / Math.PI) / 100;
