import type { Random } from '../../random';
import { darker } from '../colour';
import { area, lerp, limb, oval, placed, points, smooth, stroke, type Point } from '../path';
import type { Animal, Drawing, Posture } from './animal';
import { numbers, radians, table } from './table';

/** A bird on the ground, in centimetres. */
interface Bird {
  readonly leg: number;
  readonly legWidth: number;
  /** From breast to rump; how far the breast is raised is in degrees. */
  readonly body: { readonly length: number; readonly depth: number; readonly raised: number };
  readonly neck: { readonly length: number; readonly width: number; readonly up: number; readonly down: number };
  readonly head: { readonly radius: number; readonly beak: number };
  readonly tail: { readonly length: number; readonly width: number; readonly droop: number };
  /** The secretary bird's breeches, the ostrich's bare legs. */
  readonly thigh: { readonly length: number; readonly width: number };
  readonly colours: Readonly<Record<(typeof COLOURED)[number], string | undefined>>;
}

const MEASURES = table(`
species       leg width body depth raised neck width up down radius beak tail width droop thigh width
ostrich       108   7.5  122    76      8   92     9 82  -20    8.5   13   40    44    22    42    34
guineafowl     15   2.4   42    30     14   13   4.5 72  -30    3.6  4.5    9    14    42     -     -
koribustard    44     4   76    42     16   44    11 72  -10      6   11   30    16    22     -     -
secretarybird  70     4   58    34     10   36     9 74  -28    6.5    8   58     9    32    34    20
vulture        20     5   66    42     34   24     8 50  -24    6.5    9   26    18    58    16    16
otherbird      15   1.3   22    13     24    6   4.6 60  -30    4.2    5   12     5    26     -     -
`);

const COLOURED = ['legs', 'body', 'wing', 'neck', 'head', 'belly', 'beak', 'tail', 'thigh'] as const;
/** Of species that look in several ways each has a row. */
const COLOURS = table(`
species          legs    body    wing    neck    head   belly    beak    tail   thigh
ostrich       #b39a8c #1d1a1a #292524 #b79f92 #a08a7d       - #a38a70 #e4ddd0 #b79f92
ostrich/hen   #b39a8c #6f6253 #7f7160 #a89b8c #95897c       - #a38a70 #a5998a #b79f92
guineafowl    #3d3835 #34343b #3d3d45 #3f6fa8 #5b8fc7       - #b5713c #35353c       -
koribustard   #b8a572 #8a755a #796449 #a9a49a #8f8a80 #e4dccc #8d8468 #7d6a50       -
secretarybird #d0a48a #c3c4c6 #a9abb0 #cfd0d1 #d8572c       - #4a4a4d #3d3f45 #1b1a1c
vulture       #6d655c #5a4a3b #43362b #b59f92 #a48d80       - #3a3430 #2a231e #c9bda9
otherbird     #4d4138 #2b5f8f #1f4c78 #22262e #22262e #b5622f #2d2925 #1f4c78       -
otherbird/2   #4d4138 #8a7a60 #6b5b44 #2a2522 #2a2522 #efe9dc #2d2925 #6b5b44       -
otherbird/3   #4d4138 #5a5a5f #44444a #5a5a5f #5a5a5f #c9c4ba #2d2925 #44444a       -
otherbird/4   #4d4138 #e8e4da #d8d3c6 #e8e4da #e8e4da #f3f0e8 #2d2925 #d8d3c6       -
`);

/** Drawn over the body, cut to its outline; the body's middle is the origin. */
const FEATHERS: Readonly<Record<string, (random: Random) => string>> = {
  ostrich: () => oval(-42, 14, 26, 16, '#ece6da') + oval(-10, 30, 30, 7, '#3a3433'),
  'ostrich/hen': () => oval(-42, 14, 24, 14, '#a99d8d') + oval(-10, 26, 30, 7, '#5c5044'),
  guineafowl: (random) => dots(random, 150, 0.85, '#e6e6ea', 44, 31),
  koribustard: (random) => dots(random, 30, 1.6, '#efe8da', 50, 26),
  secretarybird: () => oval(-26, 8, 22, 10, '#1f1e21'),
  vulture: () => oval(30, -6, 10, 16, '#e3dbcc'),
};

/** Drawn over the head; its middle is the origin, one unit its radius. */
const CRESTS: Readonly<Record<string, string>> = {
  guineafowl: area(points('-.5,-.8 .1,-2.1 .6,-.8'), '#a8763e') + oval(0.9, 0.9, 0.4, 0.6, '#b33a32'),
  koribustard: area(points('-.2,-.9 -2.2,-1.5 -.6,-.2'), '#24201d'),
  secretarybird: [-0.9, -0.35, 0.2, 0.7]
    .map((y) =>
      stroke(
        [
          [-0.6, y * 0.5 + 0.25],
          [-3.5, y * 1.4 + 0.2],
        ],
        '#1d1c1f',
        0.5,
      ),
    )
    .join(''),
};

const HOOKED: ReadonlySet<string> = new Set(['secretarybird', 'vulture']);
const BILLS = { straight: '0,-.35 1,.12 0,.4', hooked: '-.1,-.45 .7,-.25 1,.55 .5,.25 -.1,.4' };

export const BIRDS = Object.fromEntries([...MEASURES.keys()].map((species) => [species, bird(species)]));

function bird(species: string): Animal {
  const looks = [...COLOURS.keys()].filter((look) => look === species || look.startsWith(`${species}/`));
  return (posture, random) => {
    const look = random.pick(looks);
    const drawing = draw(birdOf(species, look), look, posture, random);
    // Those that are none of the others come in all sizes.
    return species === 'otherbird' ? grown(drawing, random.between(0.7, 1.9)) : drawing;
  };
}

function grown({ elements, box }: Drawing, size: number): Drawing {
  return {
    elements: `<g transform="scale(${size})">${elements}</g>`,
    box: { x: box.x * size, y: box.y * size, width: box.width * size, height: box.height * size },
  };
}

function birdOf(species: string, look: string): Bird {
  const take = numbers(MEASURES.get(species)!);
  const [leg, legWidth] = take(2);
  const [length, depth, raised] = take(3);
  const [neck, neckWidth, up, down] = take(4);
  const [radius, beak] = take(2);
  const [tail, tailWidth, droop] = take(3);
  const [thigh, thighWidth] = take(2);
  const colours = Object.fromEntries(COLOURED.map((name, column) => [name, COLOURS.get(look)![column]]));
  return {
    ...{ leg, legWidth, colours: colours as Bird['colours'] },
    body: { length, depth, raised },
    neck: { length: neck, width: neckWidth, up, down },
    head: { radius, beak },
    tail: { length: tail, width: tailWidth, droop },
    thigh: { length: thigh, width: thighWidth },
  };
}

function draw(bird: Bird, look: string, posture: Posture, random: Random): Drawing {
  const { leg, body, neck, tail, colours } = bird;
  const at = { x: 0, y: -(leg + body.depth * 0.45), angle: -radians(body.raised) };
  const egg = smooth(placed(scaled(EGG, body.length, body.depth), at));
  const wing = placed(scaled(WING, body.length, body.depth), at);
  const [shoulder, rump] = placed(scaled('.4,-.16 -.46,-.05', body.length, body.depth), at) as [Point, Point];
  const raised = radians(neck.down + (neck.up - neck.down) * posture.head);
  const top: Point = [shoulder[0] + Math.cos(raised) * neck.length, shoulder[1] - Math.sin(raised) * neck.length];
  const bend: Point = [
    (shoulder[0] + top[0]) / 2 + Math.sin(raised) * neck.length * 0.1,
    (shoulder[1] + top[1]) / 2 + Math.cos(raised) * neck.length * 0.06,
  ];
  const nape = limb([shoulder, bend, top], [neck.width * 1.9, neck.width * 1.05, neck.width]);
  const fan = scaled('0,-.35 -.6,-.5 -1,0 -.7,.5 0,.35', tail.length, tail.width);
  return {
    elements: [
      shank(bird, posture, 0.5),
      area(placed(fan, { x: rump[0] + 3, y: rump[1], angle: -radians(tail.droop) }), colours.tail!),
      shank(bird, posture, 0),
      `<path d="${nape}" fill="${colours.neck}"/><path d="${egg}" fill="${colours.body}"/>`,
      `<clipPath id="egg"><path d="${egg}"/></clipPath><g clip-path="url(#egg)">`,
      oval(body.length * 0.05, -leg, body.length * 0.5, body.depth * 0.36, colours.belly ?? 'none'),
      `</g>${area(wing, colours.wing!)}<g clip-path="url(#egg)">`,
      `<g transform="translate(${at.x} ${at.y}) rotate(${-body.raised})">${FEATHERS[look]?.(random) ?? ''}</g></g>`,
      headOf(bird, look, top, posture.head),
    ].join(''),
    box: boxOf(bird, top),
  };
}

/** Outlines in shares of the body's length and depth. */
const EGG = '.5,-.05 .32,-.4 0,-.5 -.36,-.32 -.5,0 -.3,.32 .05,.5 .38,.36';
const WING = '.3,-.24 0,-.4 -.4,-.26 -.56,.02 -.2,.22 .2,.16';

function scaled(outline: string, x: number, y: number): Point[] {
  return points(outline).map(([px, py]): Point => [px * x, py * y]);
}

/** A leg; the far one is half a stride ahead of the near one. */
function shank({ leg, legWidth, body, thigh, colours }: Bird, posture: Posture, offset: 0 | 0.5): string {
  const turn = 2 * Math.PI * (posture.stride + offset);
  const reach = Math.cos(turn) * leg * 0.32 * posture.pace + (offset === 0 ? 0 : leg * 0.06);
  const lift = Math.max(0, -Math.sin(turn)) * leg * 0.24 * posture.pace;
  const hip: Point = [-body.length * 0.04, -(leg + body.depth * 0.1)];
  const foot: Point = [hip[0] + reach, -lift];
  const heel: Point = [(hip[0] + foot[0]) / 2 - leg * 0.08 - lift * 0.4, (hip[1] + foot[1]) / 2];
  const toe: Point[] = [
    [foot[0] - legWidth, foot[1]],
    [foot[0] + legWidth * 2.6, foot[1] + 0.2],
  ];
  const shaded = (colour: string): string => (offset === 0 ? colour : darker(colour, 0.3));
  const colour = shaded(colours.legs!);
  const bare = stroke([hip, heel, foot], colour, legWidth) + stroke(toe, colour, legWidth * 0.9);
  if (colours.thigh === undefined) return bare;
  const centre: Point[] = [hip, lerp(hip, heel, 0.5), [heel[0], hip[1] + thigh.length]];
  const outline = limb(centre, [thigh.width, thigh.width * 0.8, thigh.width * 0.4]);
  return `${bare}<path d="${outline}" fill="${shaded(colours.thigh)}"/>`;
}

function headOf({ head: { radius, beak }, colours }: Bird, look: string, [x, y]: Point, up: number): string {
  const bill = points(BILLS[HOOKED.has(look) ? 'hooked' : 'straight']);
  return (
    `<g transform="translate(${x} ${y}) rotate(${(1 - up) * 40})">` +
    area(
      bill.map(([along, down]): Point => [radius * 0.7 + (beak + radius * 0.3) * along, radius * down]),
      colours.beak!,
    ) +
    oval(radius * 0.15, 0, radius * 1.15, radius, colours.head!) +
    oval(radius * 0.45, -radius * 0.2, radius * 0.24, radius * 0.24, '#120d0a') +
    `<g transform="scale(${radius})">${CRESTS[look] ?? ''}</g></g>`
  );
}

function boxOf({ leg, body, head, tail }: Bird, top: Point): Drawing['box'] {
  const left = -body.length * 0.62 - tail.length - 3;
  const right = Math.max(body.length * 0.7, top[0] + head.radius * 1.6 + head.beak);
  const highest = Math.min(-(leg + body.depth * 1.2), top[1] - head.radius * 3.4);
  return { x: left, y: highest - 3, width: right - left + 6, height: 6 - highest };
}

function dots(random: Random, count: number, radius: number, colour: string, length: number, depth: number): string {
  const dot = (): string =>
    oval(random.between(-0.52, 0.5) * length, random.between(-0.5, 0.5) * depth, radius, radius, colour);
  return Array.from({ length: count }, dot).join('');
}
