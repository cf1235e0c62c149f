import type { SpeciesName } from '../../plan/classes';
import type { Random } from '../../random';
import { darker } from '../colour';
import { area, lerp, oval, points, polygon, stroke, type Point } from '../path';
import { lionsMane } from './hair';
import type { Shape } from './shape';
import { clipped, rings, zebraStripes } from './stripes';

type Pattern = (shape: Shape, random: Random) => string;

/** A giraffe's: brown patches with light lines between them over trunk, neck and upper legs. */
function giraffePatches(shape: Shape, random: Random): string {
  const { shoulder, rump, length, depth } = shape.build;
  const colour = random.pick(['#8a5a2b', '#7a4a22', '#96612f']);
  const trunk: string[] = [];
  const cell = depth * 0.2;
  for (let row = 0; row < 8; row++) {
    for (let column = -1; column < 10; column++) {
      const x = -length * 0.52 + (column + (row % 2) * 0.5) * cell * 1.12;
      const y = -Math.max(shoulder, rump) + row * cell;
      trunk.push(patch([x + cell * 0.5, y + cell * 0.5], cell * 0.5, colour, random));
    }
  }
  const neck: string[] = [];
  const [base, poll] = shape.neckAxis;
  const size = Math.hypot(poll[0] - base[0], poll[1] - base[1]);
  const along: Point = [(poll[0] - base[0]) / size, (poll[1] - base[1]) / size];
  for (let step = -0.05; step < 1; step += 0.085) {
    const radius = depth * (0.12 - 0.06 * step);
    for (const side of [-1, 0, 1]) {
      const centre = lerp(base, poll, step + (side === 0 ? 0.04 : 0));
      const out = side * depth * (0.25 - 0.13 * step);
      neck.push(patch([centre[0] - along[1] * out, centre[1] + along[0] * out], radius, colour, random));
    }
  }
  const legs: string[] = [];
  for (const { centre, near } of shape.legs) {
    if (!near) continue;
    for (let step = 0; step < 5; step++) {
      const at = lerp(centre[1]!, centre[2]!, step / 4);
      legs.push(patch([at[0], at[1]], depth * (0.085 - step * 0.008), colour, random));
    }
  }
  return (
    clipped('trunk', [shape.trunk], trunk.join('')) +
    clipped('neck', [shape.neck], neck.join('')) +
    clipped(
      'legs',
      shape.legs.filter(({ near }) => near).map(({ outline }) => outline),
      legs.join(''),
    )
  );
}

function patch([x, y]: Point, radius: number, colour: string, random: Random): string {
  const corners = 6;
  const turn = random.next();
  const points = Array.from({ length: corners }, (_, corner): Point => {
    const angle = ((corner + turn) / corners) * 2 * Math.PI;
    const reach = radius * random.between(0.82, 1.1);
    return [x + Math.cos(angle) * reach, y + Math.sin(angle) * reach];
  });
  return `<path d="${polygon(points)}" fill="${colour}" stroke="${darker(colour, 0.1)}" stroke-width="0.6"/>`;
}

/** Spots over trunk, neck and legs; rosettes are broken rings, on the body only. */
function spots(size: number, spacing: number, colour: string, { rosettes = false, legs = true } = {}): Pattern {
  return (shape, random) => {
    const { shoulder, rump, length, depth } = shape.build;
    const brisket = depth - shoulder;
    const marks: string[] = [];
    for (let y = -Math.max(shoulder, rump); y < (legs ? 0 : brisket); y += spacing) {
      for (let x = -length * 0.55; x < shape.poll[0] + 5; x += spacing) {
        const cx = x + random.between(-0.35, 0.35) * spacing;
        const cy = y + random.between(-0.35, 0.35) * spacing;
        const r = size * random.between(0.6, 1.1) * (y > brisket ? 0.7 : 1);
        const ring = `fill="none" stroke="${colour}" stroke-width="${(r * 0.7).toFixed(1)}" stroke-dasharray="${(r * 1.6).toFixed(1)} ${(r * 0.6).toFixed(1)}"`;
        const inked = rosettes && y < brisket ? ring : `fill="${colour}"`;
        marks.push(`<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="${r.toFixed(1)}" ${inked}/>`);
      }
    }
    return clipped('spots', [shape.trunk, shape.neck, ...nearLegs(shape)], marks.join(''));
  };
}

/** A band between flank and belly. `above` and `below` are shares of the chest's depth. */
function sideBand(colour: string, above: number, below: number): Pattern {
  return (shape) => {
    const { shoulder, length, depth, tuck } = shape.build;
    const at = (x: number, share: number, flank: number): Point => [
      length * x,
      -(shoulder - depth * share + tuck * flank),
    ];
    const edge = (share: number): Point[] => [
      at(0.34, share, 0),
      at(0.1, share, 0),
      at(-0.2, share, 0.5),
      at(-0.36, share - 0.08, 0.8),
    ];
    const middle = (above + below) / 2;
    const outline = [at(0.44, middle, 0), ...edge(above), at(-0.47, middle - 0.12, 1), ...edge(below).reverse()];
    return clipped(`band-${colour.slice(1)}`, [shape.trunk], area(outline, colour));
  };
}

/** Thin upright stripes over the trunk, down to `reach` of its depth. */
function uprightStripes(colour: string, count: number, width: number, { reach = 0.9, legs = false } = {}): Pattern {
  return (shape, random) => {
    const { shoulder, rump, length, depth } = shape.build;
    const top = -Math.max(shoulder, rump) - 2;
    const lines = Array.from({ length: count }, (_, index) => {
      const x = length * (0.32 - (0.78 * index) / count) + random.between(-1, 1);
      const line: Point[] = [
        [x, top],
        [x - length * 0.015, top + depth * 0.4],
        [x + length * 0.01, top + depth * reach],
      ];
      return stroke(line, colour, width);
    });
    const stripes = clipped('stripes', [shape.trunk], lines.join(''));
    if (!legs) return stripes;
    const near = shape.legs.filter((leg) => leg.near);
    const marks = near.map(({ centre }) => rings(centre, 7, depth, colour, width, () => 0));
    return stripes + clipped('leg-stripes', nearLegs(shape), marks.join(''));
  };
}

/** Patches of another colour: centres and radii in shares of length and depth, as `x,y rx,ry`. */
function blotches(colour: string, ...places: readonly string[]): Pattern {
  return (shape) => {
    const { shoulder, length, depth } = shape.build;
    const ovals = places.map((place) => {
      const [[x, y], [rx, ry]] = points(place) as [Point, Point];
      return oval(x * length, -(shoulder - y * depth), rx * length, ry * depth, colour);
    });
    return clipped(`blotches-${colour.slice(1)}`, [shape.trunk, ...nearLegs(shape)], ovals.join(''));
  };
}

/** Pale above, dark below: the badger's and the zorilla's. */
function mantle(colour: string, share: number): Pattern {
  return ({ build: { shoulder, rump, length, depth }, poll: [x, y] }) => {
    const cape: Point[] = [
      [x + 3, y - depth * 0.35],
      [length * 0.25, -shoulder - 1],
      [-length * 0.45, -rump - 1],
      [-length * 0.52, -(rump - depth * share)],
      [0, -(shoulder - depth * share)],
      [length * 0.35, -(shoulder - depth * share * 0.9)],
      [x + 4, y - depth * 0.05],
    ];
    return area(cape, colour);
  };
}

function quills({ build: { length, rump, shoulder } }: Shape, random: Random): string {
  const quill = (): string => {
    const share = random.next();
    const x = length * (0.38 - 0.84 * share);
    const y = -(shoulder + (rump - shoulder) * share) + random.between(2, 15);
    const size = (14 + 18 * share) * random.between(0.7, 1.15);
    const angle = Math.PI - (1.15 - share * 0.75) + random.between(-0.16, 0.16);
    const tip: Point = [x + Math.cos(angle) * size, y - Math.sin(angle) * size];
    const middle = lerp([x, y], tip, 0.5);
    return stroke([[x, y], middle], '#1d1a18', 1.5) + stroke([middle, tip], '#e9e3d7', 1.2);
  };
  return Array.from({ length: 95 }, quill).join('');
}

/** Folds of thick hide. */
function folds({ build: { length, shoulder, rump } }: Shape): string {
  const front: Point[] = [
    [length * 0.2, -shoulder + 6],
    [length * 0.14, -shoulder + 50],
    [length * 0.22, -70],
  ];
  return (
    stroke(front, '#5b554f', 3) +
    stroke(
      [
        [-length * 0.28, -rump + 8],
        [-length * 0.22, -rump + 55],
      ],
      '#5b554f',
      3,
    )
  );
}

const nearLegs = ({ legs }: Shape): string[] => legs.filter(({ near }) => near).map(({ outline }) => outline);

/** Several patterns over each other. */
const layered =
  (...patterns: readonly Pattern[]): Pattern =>
  (shape, random) =>
    patterns.map((pattern) => pattern(shape, random)).join('');

/** What is drawn over the coats. */
export const PATTERNS: Partial<Record<SpeciesName, Pattern>> = {
  zebra: zebraStripes,
  giraffe: giraffePatches,
  porcupine: quills,
  rhinoceros: folds,
  lionmale: (shape) => lionsMane(shape, '#4a2f1a', '#70491f'),
  baboon: () => oval(-38, -42, 5, 7, '#8d6a66'),
  honeybadger: mantle('#bfb9ae', 0.42),
  zorilla: layered(mantle('#efe9de', 0.3), mantle('#211d1a', 0.12)),
  hyenaspotted: spots(2.7, 10, '#4a3a2b'),
  cheetah: spots(1.7, 6.2, '#221913'),
  leopard: spots(2.6, 8.5, '#2a1f17', { rosettes: true }),
  serval: spots(1.7, 7, '#221913'),
  genet: spots(1.3, 4.2, '#2a211a', { legs: false }),
  civet: spots(2.1, 6, '#221d19', { legs: false }),
  hyenastriped: uprightStripes('#2a241f', 8, 3, { legs: true }),
  aardwolf: uprightStripes('#3a2f26', 6, 1.8, { legs: true }),
  wildcat: uprightStripes('#6a5c48', 9, 1.4, { legs: true }),
  mongoose: uprightStripes('#3f3428', 9, 1.1),
  wildebeest: uprightStripes('#463e39', 8, 4, { reach: 0.8 }),
  eland: uprightStripes('#e6d7bb', 9, 1.8, { reach: 0.85 }),
  bushbuck: layered(
    uprightStripes('#e9dcc6', 6, 1.5, { reach: 0.7 }),
    blotches('#e9dcc6', '-.32,.5 .014,.03', '-.38,.6 .014,.03', '-.28,.66 .014,.03', '-.42,.44 .014,.03'),
  ),
  topi: blotches('#352a33', '-.4,.55 .16,.5', '.32,.78 .11,.4'),
  cattle: blotches('#6e3a20', '.3,.25 .2,.36', '-.12,.6 .16,.3', '-.42,.2 .14,.36'),
  waterbuck: blotches('#efe9de', '-.5,.3 .07,.32'),
  gazellethomsons: layered(sideBand('#f6f1e7', 0.66, 1.05), sideBand('#1f1915', 0.46, 0.7)),
  gazellegrants: layered(sideBand('#f6f1e7', 0.72, 1.05), blotches('#f6f1e7', '-.5,.3 .1,.28')),
  impala: layered(sideBand('#f2e9da', 0.82, 1.05), blotches('#1f1915', '-.52,.45 .025,.26')),
};
