import type { SpeciesName } from '../../plan/classes';
import { darker, mix } from '../colour';
import { area, limb, stroke, type Point } from '../path';
import type { Shape } from './shape';
import { zebraLegs } from './stripes';

/** Drawn behind the head and the neck, before the trunk: manes, crests, beards, a monkey's tail. */
export const HAIR: Partial<Record<SpeciesName, (shape: Shape) => string>> = {
  eland: (shape) => dewlap(shape, '#b8946a'),
  cattle: (shape) => dewlap(shape, '#ddd5c7'),
  hyenastriped: (shape) => crest(shape, '#4d443a', 12),
  aardwolf: (shape) => crest(shape, '#7d6748', 7),
  warthog: (shape) => crest(shape, '#3a2f27', 8),
  lionmale: (shape) => lionsMane(shape, '#3a2414', '#3a2414'),
  zebra: (shape) => zebraLegs(shape, false) + brush(shape),
  giraffe: ({ build: { length, shoulder }, poll }) => {
    const withers: Point = [length * 0.22, -shoulder - 2];
    const middle: Point = [(withers[0] + poll[0]) / 2 - 12, (withers[1] + poll[1]) / 2 - 4];
    return stroke([withers, middle, [poll[0] - 17, poll[1] + 4]], '#8a5a2b', 11);
  },
  wildebeest: ({ build: { length, shoulder }, neckAxis: [base], poll: [x, y] }) =>
    area(
      [
        [length * 0.16, -shoulder + 2],
        [(base[0] + x) / 2 - 4, Math.min(y, -shoulder) - 8],
        [x + 6, y - 14],
        [x, y + 6],
        base,
      ],
      '#1d1917',
    ) +
    area(
      [
        [x + 8, y + 8],
        [x + 20, y + 34],
        [x - 2, y + 42],
        [base[0] + 8, base[1] + 34],
        [base[0], base[1] + 10],
      ],
      '#8d8173',
    ),
  baboon: (shape) => {
    const [x, y] = shape.poll;
    const cape: Point[] = [
      [x - 2, y - 12],
      [8, -72],
      [6, -44],
      [26, -38],
      [x + 2, y + 14],
    ];
    return kinkedTail(shape, 52, 5, darker(shape.build.coat.flank, 0.1)) + area(cape, '#75694c');
  },
  monkeyvervet: (shape) => kinkedTail(shape, 58, 3, '#85827a'),
};

function dewlap({ neckAxis: [base, poll] }: Shape, colour: string): string {
  const [x, y] = poll;
  return area(
    [[x - 4, y + 18], [x - 6, y + 44], [base[0] + 22, base[1] + 46], [base[0] + 6, base[1] + 34], base],
    colour,
  );
}

/** Long hair along the back. */
function crest({ build, poll: [x, y] }: Shape, colour: string, height: number): string {
  const { shoulder, rump, length } = build;
  const outline: Point[] = [
    [x - 2, y - height * 0.8],
    [length * 0.25, -shoulder - height],
    [-length * 0.1, -(shoulder + rump) / 2 - height],
    [-length * 0.45, -rump - height * 0.4],
    [-length * 0.3, -rump + 8],
    [length * 0.2, -shoulder + 8],
    [x, y + 3],
  ];
  return area(outline, colour);
}

/** A lion's: a ragged wreath round the head, down the throat to the chest. */
export function lionsMane({ poll: [x, y] }: Shape, outer: string, inner: string): string {
  const wreath = (radius: number, shift: number, colour: string): string => {
    const outline = Array.from({ length: 44 }, (_, index): Point => {
      const angle = (index / 44) * 2 * Math.PI;
      const reach = radius * (index % 2 === 0 ? 1.05 : 0.96) * (1 + 0.05 * Math.sin(angle * 3));
      return [x + shift + Math.cos(angle) * reach, y + 13 + Math.sin(angle) * reach * 1.24];
    });
    return area(outline, colour);
  };
  return wreath(41, -10, outer) + wreath(34, -5, mix(outer, inner, 0.5)) + wreath(26, 0, inner);
}

/** A zebra's upright mane, striped like the neck. */
function brush({ poll, build: { length, shoulder, depth, neck } }: Shape): string {
  const withers: Point = [length * 0.16, -(shoulder - depth * 0.06)];
  const size = Math.hypot(poll[0] - withers[0], poll[1] - withers[1]);
  const up: Point = [(poll[1] - withers[1]) / size, -(poll[0] - withers[0]) / size];
  const nape: Point = [poll[0] + up[0] * neck.width * 0.42, poll[1] + up[1] * neck.width * 0.42];
  const at = (share: number, height: number): Point => [
    withers[0] + (nape[0] - withers[0]) * share + up[0] * height,
    withers[1] + (nape[1] - withers[1]) * share + up[1] * height,
  ];
  const outline = [at(0.04, -6), at(0.25, 9), at(0.6, 13), at(1, 13), at(1.08, 4), at(1, -8), at(0.5, -8)];
  const stripes = Array.from({ length: 9 }, (_, index) => {
    const share = (index + 0.6) / 9;
    return stroke([at(share, -6), at(share, 4 + 6 * Math.min(1, share * 2))], '#1d1a18', size * 0.05);
  });
  return area(outline, '#ece7dd') + stripes.join('');
}

/** A monkey's tail rises from the root and hangs down from a kink. */
function kinkedTail({ build }: Shape, length: number, width: number, colour: string): string {
  const [x, y] = [-build.length * 0.45, -(build.rump - build.depth * 0.12)];
  const centre: Point[] = [
    [x, y],
    [x - length * 0.22, y - length * 0.22],
    [x - length * 0.42, y - length * 0.16],
    [x - length * 0.5, y + length * 0.3],
  ];
  return `<path d="${limb(centre, [width * 1.3, width, width * 0.9, width * 0.8])}" fill="${colour}"/>`;
}
