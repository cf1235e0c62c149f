import type { SpeciesName } from '../../plan/classes';
import { darker, lighter, mix } from '../colour';
import { area, limb, oval, points, stroke, type Point } from '../path';
import { FACES, HORNS } from './measures';
import type { Coat, Head } from './shape';
import { numbers } from './table';

/** What species of a kind have in common. */
interface Face {
  /** From the poll over forehead and muzzle back to the throat; the muzzle is as deep as the species' is. */
  readonly skull: string;
  readonly muzzle: string;
  readonly jaw: string;
  /** How far the far ear stands before the near one. */
  readonly forward: number;
  readonly eye: readonly [x: number, y: number, radius: number];
  /** Muzzle, nostrils, mouth, teeth. @param deep - gives points their depth */
  readonly details: (coat: Coat, deep: (outline: string) => Point[]) => string;
}

const KINDS: Readonly<Record<string, Face>> = {
  /** Horse, antelope, cow. */
  long: {
    skull: '-.1,-.1 .1,-.19 .35,-.17',
    muzzle: '.65,-.1 .93,-.1 1.02,.02 .97,.12 .75,.14',
    jaw: '.45,.22 .18,.3 -.08,.22',
    forward: -0.1,
    eye: [0.36, -0.05, 0.042],
    details: ({ muzzle }, deep) =>
      area(deep('.78,-.1 .93,-.1 1.02,.02 .97,.12 .77,.14'), muzzle) +
      oval(0.93, -0.02, 0.035, 0.022, darker(muzzle, 0.6)),
  },
  /** Cats: short and deep. */
  round: {
    skull: '-.24,-.2 .06,-.36 .36,-.31',
    muzzle: '.66,-.19 .88,-.12 .98,.02 .95,.2 .82,.32 .54,.35',
    jaw: '.2,.38 -.1,.38 -.3,.16',
    forward: 0.22,
    eye: [0.48, -0.1, 0.055],
    details: ({ belly, dark }) =>
      area(points('.6,.04 .84,-.02 .96,.06 .95,.2 .82,.31 .56,.33 .48,.18'), lighter(belly, 0.2)) +
      area(points('.8,-.13 .95,-.08 .99,.03 .86,.03'), dark) +
      stroke(points('.94,.04 .91,.15 .76,.2 .64,.17'), dark, 0.03),
  },
  /** Dogs, hyenas, mongooses. */
  pointed: {
    skull: '-.18,-.16 .12,-.27 .4,-.2',
    muzzle: '.62,-.1 .95,-.06 1.03,.02 .95,.1 .6,.15',
    jaw: '.3,.26 0,.3 -.22,.16',
    forward: 0.14,
    eye: [0.42, -0.05, 0.042],
    details: ({ muzzle, dark }, deep) =>
      area(deep('.66,-.09 .95,-.06 1.03,.02 .95,.1 .64,.14'), muzzle) +
      oval(0.99, 0, 0.05, 0.05, dark) +
      stroke(deep('.96,.08 .7,.09 .55,.1'), dark, 0.02),
  },
  warthog: {
    skull: '-.15,-.3 .15,-.3 .45,-.2',
    muzzle: '.8,-.18 1,-.16 1.04,.08 .9,.16',
    jaw: '.6,.22 .35,.36 -.05,.36',
    forward: 0.06,
    eye: [0.3, -0.19, 0.035],
    details: ({ flank, muzzle }) =>
      area(points('.94,-.17 1.04,-.14 1.06,.08 .95,.14'), muzzle) +
      oval(0.45, 0.06, 0.07, 0.06, darker(flank, 0.25)) +
      oval(0.66, -0.14, 0.05, 0.05, darker(flank, 0.25)) +
      stroke(points('-.02,.3 .2,.36 .4,.3'), '#c9bfb0', 0.07) +
      area(points('.72,.1 .84,.16 .92,0 .86,-.24 .79,-.34 .82,-.12 .78,0'), '#efe8d8'),
  },
  rhinoceros: {
    skull: '-.2,-.3 .1,-.27 .36,-.15',
    muzzle: '.62,-.16 .9,-.16 1.04,.04 1,.2 .85,.2',
    jaw: '.5,.26 .2,.38 -.2,.36',
    forward: 0.1,
    eye: [0.46, -0.02, 0.034],
    details: ({ dark }) =>
      area(points('.72,-.13 .82,-.34 .98,-.72 .95,-.36 .98,-.1'), '#3c352e') +
      area(points('.48,-.12 .56,-.26 .66,-.42 .66,-.24 .68,-.12'), '#3c352e') +
      stroke(points('1,.12 .84,.12 .72,.09'), dark, 0.022) +
      oval(0.92, -0.02, 0.04, 0.03, dark),
  },
  hippopotamus: {
    skull: '-.2,-.36 .1,-.36 .34,-.28 .56,-.17',
    muzzle: '.82,-.24 1.02,-.18 1.1,.04 1.06,.3 .84,.42',
    jaw: '.5,.36 .2,.42 -.2,.4',
    forward: 0.07,
    eye: [0.34, -0.26, 0.03],
    details: ({ flank, belly, dark }) =>
      area(points('.66,-.1 .84,-.2 1.04,-.12 1.08,.12 .9,.2 .7,.1'), lighter(flank, 0.1)) +
      stroke(points('1.07,.22 .8,.26 .52,.18 .42,.08'), dark, 0.02) +
      oval(0.95, -0.15, 0.045, 0.025, dark) +
      oval(0.32, -0.26, 0.08, 0.06, darker(flank, 0.12)) +
      area(points('.2,.3 .6,.3 .95,.36 .7,.42 .3,.42'), belly),
  },
};

const SPOTTED = points('.1,-.2 .22,-.1 .1,0 .25,.12 0,.15')
  .map(([x, y]) => oval(x, y, 0.032, 0.032, '#2a1f17'))
  .join('');
const ossicone = (x: number): string =>
  area(
    points('0,-.12 -.06,-.36 .02,-.38 .08,-.14').map(([dx, y]): Point => [x + dx, y]),
    '#9c7040',
  ) + oval(x - 0.02, -0.37, 0.052, 0.052, '#2c2119');

/** What single species have in their faces. */
const MARKS: Partial<Record<SpeciesName, string>> = {
  topi: area(points('.2,-.18 .6,-.12 .95,-.06 .7,.02 .3,-.02'), '#241814'),
  dikdik: oval(0.36, -0.05, 0.09, 0.09, '#ebe5d9'),
  gazellethomsons:
    stroke(points('.34,-.03 .75,.02'), '#2c211a', 0.06) + stroke(points('.3,-.14 .8,-.08'), '#efe6d5', 0.05),
  gazellegrants: stroke(points('.34,-.03 .75,.02'), '#5a3d26', 0.05),
  giraffe: ossicone(0.06),
  zebra: [0, 0.13, 0.26, 0.39, 0.52, 0.64]
    .map((x) =>
      stroke(
        [
          [x + 0.02, 0.06 * x - 0.15],
          [x - 0.01, -0.02],
          [x - 0.05, 0.2 - 0.1 * x],
        ],
        '#1d1a18',
        0.05,
      ),
    )
    .join(''),
  leopard: SPOTTED,
  cheetah: SPOTTED + stroke(points('.46,-.04 .6,.08 .62,.22'), '#1a1410', 0.05),
  civet: oval(0.42, 0, 0.16, 0.12, '#221d19'),
  honeybadger: area(points('-.18,-.2 .15,-.29 .38,-.2 .1,-.12 -.2,-.04'), '#c9c3b8'),
  zorilla: oval(0.3, -0.12, 0.1, 0.06, '#efe9de'),
  baboon: area(points('.34,-.16 .5,-.12 .95,-.05 1.02,.05 .9,.12 .5,.16 .38,.06'), '#3a342e'),
  monkeyvervet:
    area(points('.3,-.25 .42,-.24 .5,.3 .3,.35'), '#efeae0') +
    area(points('.42,-.22 .7,-.12 1.02,0 .9,.16 .5,.28'), '#1d1a19'),
};

/** Horns from their roots on the forehead: y in shares of their length above `root`, the far one beside the near one. */
const HORN_SHAPES: Readonly<Record<string, { readonly centre: string; readonly root: number; readonly gap: Point }>> = {
  /** Nearly straight, leaning back: Thomson's gazelle; steenbok and dikdik when short. */
  spikes: { centre: '.16,0 .1,.4 -.02,.8 -.03,1', root: -0.16, gap: [0.07, 0.03] },
  /** An S that leans back and turns up: impala, topi. */
  lyre: { centre: '.16,0 .14,.28 -.12,.55 -.22,.8 -.12,1', root: -0.16, gap: [0.13, 0] },
  /** From a high forehead forwards, then sharply back: hartebeest. */
  bracket: { centre: '0,0 -.02,.35 .22,.5 .24,.7 .02,1', root: -0.2, gap: [0.1, 0.02] },
  /** Out and up like a cow's: wildebeest, cattle. */
  bow: { centre: '.1,0 .26,-.14 .34,.35 .26,.75 .14,1', root: -0.17, gap: [-0.34, 0.02] },
  /** Down, out and hooked up from a heavy boss: buffalo. */
  boss: { centre: '.16,0 .04,-.14 -.02,-.34 -.2,-.4 -.36,-.24 -.36,.02 -.28,.16', root: -0.24, gap: [0.5, -0.04] },
  /** Straight along the line of the face: eland. */
  twisted: { centre: '.12,0 0,.35 -.15,.65 -.32,1', root: -0.16, gap: [0.08, 0.02] },
  /** Back, then the points forwards: reedbuck, waterbuck. */
  sickle: { centre: '.14,0 -.04,.4 -.12,.75 0,1', root: -0.16, gap: [0.1, 0.01] },
};

/** The face of a species as the tables have it. */
export function faceOf(species: SpeciesName, coat: Coat): Head {
  const [kindName, ...cells] = FACES.get(species)!;
  const kind = KINDS[kindName!]!;
  const take = numbers(cells);
  const [depth, muzzleDepth] = take(2);
  const [length, width, angle] = take(3);
  const [x, y] = take(2);
  const scaled = (outline: string, share: number): Point[] =>
    points(outline).map(([px, py]): Point => [px, py * share]);
  const deep = (outline: string): Point[] => scaled(outline, kindName === 'pointed' ? depth : muzzleDepth);
  const outline = [...scaled(kind.skull, depth), ...deep(kind.muzzle), ...scaled(kind.jaw, depth)];
  const ear = (colour: string, forward: number): string =>
    earAt({ length, width, angle, x: x + forward, y, inside: cells[7] ?? darker(colour, 0.35) }, colour);
  const [eyeX, eyeY, radius] = kind.eye;
  const horns = hornsOf(species);
  return {
    near:
      area(outline, coat.face) +
      kind.details(coat, deep) +
      (MARKS[species] ?? '') +
      oval(eyeX, eyeY, radius, radius, '#15100c') +
      oval(eyeX + radius * 0.3, eyeY - radius * 0.35, radius * 0.3, radius * 0.3, '#cfc8bd') +
      horns.near +
      ear(mix(coat.face, coat.back, kindName === 'round' ? 0 : 0.45), 0),
    far: ear(darker(coat.flank, 0.35), kind.forward) + (species === 'giraffe' ? ossicone(0.17) : horns.far),
    reach: Math.max(1.35, horns.length + 0.3),
  };
}

function hornsOf(species: SpeciesName): { readonly near: string; readonly far: string; readonly length: number } {
  const [kind, ...cells] = HORNS.get(species) ?? [];
  if (kind === undefined) return { near: '', far: '', length: 0 };
  const [length, width] = numbers(cells)(2);
  const { centre, root, gap } = HORN_SHAPES[kind]!;
  const near = points(centre).map(([x, share]): Point => [x, root - share * length]);
  const widths = near.map((_, index) => width * (1 - (0.85 * index) / (near.length - 1)));
  const horn = (line: readonly Point[], colour: string | undefined): string =>
    colour === undefined ? '' : `<path d="${limb(line, widths)}" fill="${colour}"/>`;
  const far = near.map(([x, y]): Point => [x + gap[0], y + gap[1]]);
  return { near: horn(near, cells[2]), far: horn(far, cells[3]), length };
}

interface Ear {
  readonly length: number;
  readonly width: number;
  /** Degrees: 0 points forwards along the head, 90 up from it, 180 backwards. */
  readonly angle: number;
  readonly x: number;
  readonly y: number;
  readonly inside: string;
}

/** A leaf with its stem at the head. */
function earAt({ length, width, angle, x, y, inside }: Ear, colour: string): string {
  const leaf = (scale: number): Point[] =>
    points('0,-.3 .45,-.5 1,0 .45,.5 0,.3').map(([px, py]): Point => [px * length * scale, py * width * scale]);
  return `<g transform="translate(${x} ${y}) rotate(${-angle})">${area(leaf(1), colour)}${area(leaf(0.72), inside)}</g>`;
}
