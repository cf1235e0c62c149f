import type { Random } from '../../random';
import { darker } from '../colour';
import { limb, placed, smooth, type Point } from '../path';
import type { Animal, Posture } from './animal';
import { line, radians } from './quadruped';

/** Measures of a bird on the ground, in centimetres. */
export interface Plumage {
  readonly leg: number;
  readonly legWidth: number;
  readonly legColour: string;
  /** Body from breast to rump, its depth, and how far the breast is raised (degrees). */
  readonly body: { readonly length: number; readonly depth: number; readonly raised: number };
  readonly neck: { readonly length: number; readonly width: number; readonly up: number; readonly down: number };
  readonly head: {
    readonly radius: number;
    readonly beak: number;
    readonly beakColour: string;
    readonly hooked?: boolean;
  };
  readonly tail: { readonly length: number; readonly width: number; readonly droop: number; readonly colour: string };
  readonly colours: {
    readonly body: string;
    readonly wing: string;
    readonly neck: string;
    readonly head: string;
    readonly belly?: string;
  };
  /** Thighs of another colour: the secretary bird's breeches, the ostrich's bare legs. */
  readonly thigh?: { readonly length: number; readonly width: number; readonly colour: string };
  /** Drawn over the body, cut to its outline; the body's middle is the origin. */
  readonly feathers?: (random: Random) => string;
  /** Drawn over the head; its middle is the origin, one unit its radius. */
  readonly crest?: string;
}

export function bird(plumage: Plumage | ((random: Random) => Plumage)): Animal {
  return (posture, random) => {
    const build = typeof plumage === 'function' ? plumage(random) : plumage;
    const { leg, body, neck, head, tail, colours } = build;
    const middle: Point = [0, -(leg + body.depth * 0.45)];
    const at = { x: middle[0], y: middle[1], angle: -radians(body.raised) };
    const egg = smooth(placed(eggOf(body.length, body.depth), at));
    const wing = smooth(placed(wingOf(body.length, body.depth), at));
    const [shoulder] = placed([[body.length * 0.4, -body.depth * 0.16]], at) as [Point];
    const raised = radians(neck.down + (neck.up - neck.down) * posture.head);
    const top: Point = [shoulder[0] + Math.cos(raised) * neck.length, shoulder[1] - Math.sin(raised) * neck.length];
    const bend: Point = [
      (shoulder[0] + top[0]) / 2 + Math.sin(raised) * neck.length * 0.1,
      (shoulder[1] + top[1]) / 2 + Math.cos(raised) * neck.length * 0.06,
    ];
    const [rump] = placed([[-body.length * 0.46, -body.depth * 0.05]], at) as [Point];
    return {
      elements: [
        shank(build, posture, 0.5, darker(build.legColour, 0.3)),
        tailOf(rump, tail),
        shank(build, posture, 0, build.legColour),
        `<path d="${limb([shoulder, bend, top], [neck.width * 1.9, neck.width * 1.05, neck.width])}" fill="${colours.neck}"/>`,
        `<path d="${egg}" fill="${colours.body}"/>`,
        colours.belly === undefined ? '' : belly(egg, build, colours.belly),
        `<path d="${wing}" fill="${colours.wing}"/>`,
        feathersOf(build, egg, at, random),
        headOf(top, head, colours.head, build.crest ?? '', posture.head),
      ].join(''),
      box: boxOf(build, top),
    };
  };
}

const eggOf = (length: number, depth: number): Point[] => [
  [length * 0.5, -depth * 0.05],
  [length * 0.32, -depth * 0.4],
  [0, -depth * 0.5],
  [-length * 0.36, -depth * 0.32],
  [-length * 0.5, 0],
  [-length * 0.3, depth * 0.32],
  [length * 0.05, depth * 0.5],
  [length * 0.38, depth * 0.36],
];

const wingOf = (length: number, depth: number): Point[] => [
  [length * 0.3, -depth * 0.24],
  [0, -depth * 0.4],
  [-length * 0.4, -depth * 0.26],
  [-length * 0.56, depth * 0.02],
  [-length * 0.2, depth * 0.22],
  [length * 0.2, depth * 0.16],
];

function belly(egg: string, { leg, body }: Plumage, colour: string): string {
  return (
    `<clipPath id="egg"><path d="${egg}"/></clipPath>` +
    `<ellipse cx="${body.length * 0.05}" cy="${-leg}" rx="${body.length * 0.5}" ry="${body.depth * 0.36}" fill="${colour}" clip-path="url(#egg)"/>`
  );
}

function feathersOf(build: Plumage, egg: string, at: { x: number; y: number; angle: number }, random: Random): string {
  if (build.feathers === undefined) return '';
  const turn = (at.angle * 180) / Math.PI;
  return (
    `<clipPath id="plumage"><path d="${egg}"/></clipPath><g clip-path="url(#plumage)">` +
    `<g transform="translate(${at.x} ${at.y}) rotate(${turn})">${build.feathers(random)}</g></g>`
  );
}

function shank(build: Plumage, posture: Posture, offset: number, colour: string): string {
  const { leg, legWidth, body, thigh } = build;
  const turn = 2 * Math.PI * (posture.stride + offset);
  const reach = Math.cos(turn) * leg * 0.32 * posture.pace + (offset === 0 ? 0 : leg * 0.06);
  const lift = Math.max(0, -Math.sin(turn)) * leg * 0.24 * posture.pace;
  const hip: Point = [-body.length * 0.04, -(leg + body.depth * 0.1)];
  const foot: Point = [hip[0] + reach, -lift];
  const heel: Point = [(hip[0] + foot[0]) / 2 - leg * 0.08 - lift * 0.4, (hip[1] + foot[1]) / 2];
  const toes = line(
    [
      [foot[0] - legWidth, foot[1]],
      [foot[0] + legWidth * 2.6, foot[1] + 0.2],
    ],
    colour,
    legWidth * 0.9,
  );
  const upper =
    thigh === undefined
      ? ''
      : `<path d="${limb([hip, [(hip[0] + heel[0]) / 2, (hip[1] + heel[1]) / 2], [heel[0], hip[1] + thigh.length]], [thigh.width, thigh.width * 0.8, thigh.width * 0.4])}" fill="${offset === 0 ? thigh.colour : darker(thigh.colour, 0.3)}"/>`;
  return line([hip, heel, foot], colour, legWidth) + toes + upper;
}

function tailOf([x, y]: Point, { length, width, droop, colour }: Plumage['tail']): string {
  const fan = placed(
    [
      [0, -width * 0.35],
      [-length * 0.6, -width * 0.5],
      [-length, 0],
      [-length * 0.7, width * 0.5],
      [0, width * 0.35],
    ],
    { x: x + 3, y, angle: -radians(droop) },
  );
  return `<path d="${smooth(fan)}" fill="${colour}"/>`;
}

function headOf([x, y]: Point, head: Plumage['head'], colour: string, crest: string, up: number): string {
  const { radius, beak, beakColour, hooked = false } = head;
  const bill: Point[] = hooked
    ? [
        [radius * 0.6, -radius * 0.45],
        [radius + beak * 0.7, -radius * 0.25],
        [radius + beak, radius * 0.55],
        [radius + beak * 0.5, radius * 0.25],
        [radius * 0.6, radius * 0.4],
      ]
    : [
        [radius * 0.7, -radius * 0.35],
        [radius + beak, radius * 0.12],
        [radius * 0.7, radius * 0.4],
      ];
  return (
    `<g transform="translate(${x} ${y}) rotate(${(1 - up) * 40})"><path d="${smooth(bill)}" fill="${beakColour}"/>` +
    `<ellipse cx="${radius * 0.15}" cy="0" rx="${radius * 1.15}" ry="${radius}" fill="${colour}"/>` +
    `<circle cx="${radius * 0.45}" cy="${-radius * 0.2}" r="${radius * 0.24}" fill="#120d0a"/>` +
    `<g transform="scale(${radius})">${crest}</g></g>`
  );
}

function boxOf({ leg, body, head, tail }: Plumage, top: Point) {
  const left = -body.length * 0.62 - tail.length - 3;
  const right = Math.max(body.length * 0.7, top[0] + head.radius * 1.6 + head.beak);
  const highest = Math.min(-(leg + body.depth * 1.2), top[1] - head.radius * 3.4);
  return { x: left, y: highest - 3, width: right - left + 6, height: 6 - highest };
}

const dots = (random: Random, count: number, radius: number, colour: string, length: number, depth: number): string =>
  Array.from({ length: count }, () => {
    const x = random.between(-0.52, 0.5) * length;
    const y = random.between(-0.5, 0.5) * depth;
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${colour}"/>`;
  }).join('');

export const ostrich = bird((random) => {
  const male = random.chance(0.5);
  return {
    leg: 108,
    legWidth: 7.5,
    legColour: '#b39a8c',
    body: { length: 122, depth: 76, raised: 8 },
    neck: { length: 92, width: 9, up: 82, down: -20 },
    head: { radius: 8.5, beak: 13, beakColour: '#a38a70' },
    tail: { length: 40, width: 44, droop: 22, colour: male ? '#e4ddd0' : '#a5998a' },
    colours: male
      ? { body: '#1d1a1a', wing: '#292524', neck: '#b79f92', head: '#a08a7d' }
      : { body: '#6f6253', wing: '#7f7160', neck: '#a89b8c', head: '#95897c' },
    thigh: { length: 42, width: 34, colour: '#b79f92' },
    feathers: () =>
      male
        ? `<ellipse cx="-42" cy="14" rx="26" ry="16" fill="#ece6da"/><ellipse cx="-10" cy="30" rx="30" ry="7" fill="#3a3433"/>`
        : `<ellipse cx="-42" cy="14" rx="24" ry="14" fill="#a99d8d"/><ellipse cx="-10" cy="26" rx="30" ry="7" fill="#5c5044"/>`,
  };
});

export const guineafowl = bird({
  leg: 15,
  legWidth: 2.4,
  legColour: '#3d3835',
  body: { length: 42, depth: 30, raised: 14 },
  neck: { length: 13, width: 4.5, up: 72, down: -30 },
  head: { radius: 3.6, beak: 4.5, beakColour: '#b5713c' },
  tail: { length: 9, width: 14, droop: 42, colour: '#35353c' },
  colours: { body: '#34343b', wing: '#3d3d45', neck: '#3f6fa8', head: '#5b8fc7' },
  feathers: (random) => dots(random, 150, 0.85, '#e6e6ea', 44, 31),
  crest:
    '<path d="M-0.5 -0.8L0.1 -2.1L0.6 -0.8Z" fill="#a8763e"/><ellipse cx="0.9" cy="0.9" rx="0.4" ry="0.6" fill="#b33a32"/>',
});

export const koribustard = bird({
  leg: 44,
  legWidth: 4,
  legColour: '#b8a572',
  body: { length: 76, depth: 42, raised: 16 },
  neck: { length: 44, width: 11, up: 72, down: -10 },
  head: { radius: 6, beak: 11, beakColour: '#8d8468' },
  tail: { length: 30, width: 16, droop: 22, colour: '#7d6a50' },
  colours: { body: '#8a755a', wing: '#796449', neck: '#a9a49a', head: '#8f8a80', belly: '#e4dccc' },
  feathers: (random) => dots(random, 30, 1.6, '#efe8da', 50, 26),
  crest: '<path d="M-0.2 -0.9L-2.2 -1.5L-0.6 -0.2Z" fill="#24201d"/>',
});

export const secretarybird = bird({
  leg: 70,
  legWidth: 4,
  legColour: '#d0a48a',
  body: { length: 58, depth: 34, raised: 10 },
  neck: { length: 36, width: 9, up: 74, down: -28 },
  head: { radius: 6.5, beak: 8, beakColour: '#4a4a4d', hooked: true },
  tail: { length: 58, width: 9, droop: 32, colour: '#3d3f45' },
  colours: { body: '#c3c4c6', wing: '#a9abb0', neck: '#cfd0d1', head: '#d8572c' },
  thigh: { length: 34, width: 20, colour: '#1b1a1c' },
  feathers: () => '<ellipse cx="-26" cy="8" rx="22" ry="10" fill="#1f1e21"/>',
  crest: [-0.9, -0.35, 0.2, 0.7]
    .map(
      (y) =>
        `<path d="M-0.6 ${y * 0.5}L-3.6 ${y * 1.4}L-3.4 ${y * 1.4 + 0.45}L-0.6 ${y * 0.5 + 0.5}Z" fill="#1d1c1f"/>`,
    )
    .join(''),
});

export const vulture = bird({
  leg: 20,
  legWidth: 5,
  legColour: '#6d655c',
  body: { length: 66, depth: 42, raised: 34 },
  neck: { length: 24, width: 8, up: 50, down: -24 },
  head: { radius: 6.5, beak: 9, beakColour: '#3a3430', hooked: true },
  tail: { length: 26, width: 18, droop: 58, colour: '#2a231e' },
  colours: { body: '#5a4a3b', wing: '#43362b', neck: '#b59f92', head: '#a48d80' },
  thigh: { length: 16, width: 16, colour: '#c9bda9' },
  feathers: () => '<ellipse cx="30" cy="-6" rx="10" ry="16" fill="#e3dbcc"/>',
});

export const otherbird = bird((random) => {
  const [body, wing, head, belly] = random.pick([
    ['#2b5f8f', '#1f4c78', '#22262e', '#b5622f'],
    ['#8a7a60', '#6b5b44', '#2a2522', '#efe9dc'],
    ['#5a5a5f', '#44444a', '#5a5a5f', '#c9c4ba'],
    ['#e8e4da', '#d8d3c6', '#e8e4da', '#f3f0e8'],
  ] as const);
  const size = random.between(0.7, 1.9);
  return {
    leg: 13 * size * random.between(0.8, 1.5),
    legWidth: 1.3 * size,
    legColour: '#4d4138',
    body: { length: 22 * size, depth: 13 * size, raised: 24 },
    neck: { length: 6 * size, width: 4.6 * size, up: 60, down: -30 },
    head: { radius: 4.2 * size, beak: 5 * size, beakColour: '#2d2925' },
    tail: { length: 12 * size, width: 5 * size, droop: 26, colour: wing },
    colours: { body, wing, neck: head, head, belly },
  };
});
