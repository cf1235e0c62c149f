import type { Random } from '../../random';
import { darker } from '../colour';
import { lerp, polygon, smooth, smoothLine, type Point } from '../path';
import type { Shape } from './quadruped';

/** Everything that follows, cut to the outlines given. */
function clipped(id: string, outlines: readonly string[], elements: string): string {
  const paths = outlines.map((outline) => `<path d="${outline}"/>`).join('');
  return `<clipPath id="only-${id}">${paths}</clipPath><g clip-path="url(#only-${id})">${elements}</g>`;
}

function stroke(points: readonly Point[], colour: string, width: number): string {
  const path = smoothLine(points);
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${Math.round(width * 10) / 10}" stroke-linecap="round"/>`;
}

/** A zebra's: upright on the trunk, turning to level on the haunches, rings on neck and legs. */
export function zebraStripes(shape: Shape, random: Random): string {
  const { shoulder, rump, length, depth } = shape.build;
  const dark = '#1d1a18';
  const jitter = (size: number): number => random.between(-size, size);
  const trunk: string[] = [];
  const barrels = 11;
  for (let index = 0; index < barrels; index++) {
    const x = length * (0.47 - (index * 0.6) / barrels);
    const lean = (index / barrels) * length * 0.1;
    trunk.push(
      stroke(
        [
          [x - lean * 0.6 + jitter(1), -shoulder - 4],
          [x + jitter(1.5), -(shoulder - depth * 0.4)],
          [x + lean * 0.4 + jitter(1), -(shoulder - depth * 0.78)],
          [x + lean + jitter(1), -(shoulder - depth * 0.98)],
        ],
        dark,
        length * 0.03 + jitter(0.6),
      ),
    );
  }
  for (let index = 0; index < 6; index++) {
    const start = -length * (0.1 + index * 0.05);
    const drop = depth * (0.2 + index * 0.19);
    trunk.push(
      stroke(
        [
          [start + length * 0.03, -(shoulder - depth * (0.86 + index * 0.05))],
          [start - length * 0.04, -(rump - drop * 0.9)],
          [start - length * 0.16, -(rump - drop * 0.62)],
          [-length * 0.54, -(rump - drop * 0.55)],
        ],
        dark,
        length * 0.034 + jitter(0.5),
      ),
    );
  }
  const neck = rings([...shape.neckAxis], 9, depth * 1.2, dark, length * 0.034, jitter);
  return clipped('trunk', [shape.trunk], trunk.join('')) + clipped('neck', [shape.neck], neck) + zebraLegs(shape, true);
}

/** Rings on the near or the far legs. */
export function zebraLegs({ build, legs }: Shape, near: boolean): string {
  const side = legs.filter((leg) => leg.near === near);
  const marks = side.map(({ centre }) => rings(centre.slice(1), 10, build.depth * 0.9, '#1d1a18', 2.6, () => 0));
  return clipped(
    near ? 'near-legs' : 'far-legs',
    side.map(({ outline }) => outline),
    marks.join(''),
  );
}

/** Strokes across a line at even distances. */
function rings(
  centre: readonly Point[],
  count: number,
  width: number,
  colour: string,
  thickness: number,
  jitter: (size: number) => number,
): string {
  const result: string[] = [];
  for (let index = 0; index < count; index++) {
    const along = ((index + 0.5) / count) * (centre.length - 1);
    const segment = Math.min(centre.length - 2, Math.floor(along));
    const from = centre[segment]!;
    const to = centre[segment + 1]!;
    const [x, y] = lerp(from, to, along - segment);
    const size = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
    const across: Point = [(-(to[1] - from[1]) / size) * width * 0.5, ((to[0] - from[0]) / size) * width * 0.5];
    const bow: Point = [((to[0] - from[0]) / size) * thickness * 0.8, ((to[1] - from[1]) / size) * thickness * 0.8];
    result.push(
      stroke(
        [
          [x - across[0], y - across[1] + jitter(thickness * 0.3)],
          [x + bow[0], y + bow[1]],
          [x + across[0], y + across[1] + jitter(thickness * 0.3)],
        ],
        colour,
        thickness,
      ),
    );
  }
  return result.join('');
}

/** A giraffe's: brown patches with light lines between them over trunk, neck and upper legs. */
export function giraffePatches(shape: Shape, random: Random): string {
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

/** Spots over trunk and neck: hyena, cheetah, leopard, serval, genet, civet. */
export function spots(options: {
  size: number;
  colour: string;
  spacing: number;
  rosettes?: boolean;
  legs?: boolean;
}): (shape: Shape, random: Random) => string {
  return (shape, random) => {
    const { shoulder, rump, length, depth } = shape.build;
    const marks: string[] = [];
    const top = -Math.max(shoulder, rump);
    const bottom = options.legs === false ? depth - shoulder : 0;
    for (let y = top; y < bottom; y += options.spacing) {
      for (let x = -length * 0.55; x < shape.poll[0] + 5; x += options.spacing) {
        const cx = x + random.between(-0.35, 0.35) * options.spacing;
        const cy = y + random.between(-0.35, 0.35) * options.spacing;
        const r = options.size * random.between(0.6, 1.1) * (y > depth - shoulder ? 0.7 : 1);
        marks.push(
          options.rosettes === true && y < depth - shoulder
            ? `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="${r.toFixed(1)}" fill="none" stroke="${options.colour}" stroke-width="${(r * 0.7).toFixed(1)}" stroke-dasharray="${(r * 1.6).toFixed(1)} ${(r * 0.6).toFixed(1)}"/>`
            : `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="${r.toFixed(1)}" fill="${options.colour}"/>`,
        );
      }
    }
    const outlines = [shape.trunk, shape.neck, ...shape.legs.filter(({ near }) => near).map(({ outline }) => outline)];
    return clipped('spots', outlines, marks.join(''));
  };
}

/** A broad dark band between flank and belly: gazelles. `above` and `below` are shares of the chest's depth. */
export function sideBand(colour: string, above: number, below: number): (shape: Shape) => string {
  return (shape) => {
    const { shoulder, length, depth, tuck } = shape.build;
    const at = (share: number): Point[] => [
      [length * 0.34, -(shoulder - depth * share)],
      [length * 0.1, -(shoulder - depth * share)],
      [-length * 0.2, -(shoulder - depth * share + tuck * 0.5)],
      [-length * 0.36, -(shoulder - depth * (share - 0.08) + tuck * 0.8)],
    ];
    const middle = (above + below) / 2;
    const front: Point = [length * 0.44, -(shoulder - depth * middle)];
    const end: Point = [-length * 0.47, -(shoulder - depth * (middle - 0.12) + tuck)];
    const band = smooth([front, ...at(above), end, ...at(below).reverse()]);
    return clipped(`band-${colour.slice(1)}`, [shape.trunk], `<path d="${band}" fill="${colour}"/>`);
  };
}

/** Thin upright stripes over the trunk: aardwolf, striped hyena, eland, bushbuck, mongoose. */
export function uprightStripes(options: {
  colour: string;
  count: number;
  width: number;
  reach?: number;
  legs?: boolean;
}) {
  return (shape: Shape, random: Random): string => {
    const { shoulder, rump, length, depth } = shape.build;
    const top = -Math.max(shoulder, rump) - 2;
    const lines: string[] = [];
    for (let index = 0; index < options.count; index++) {
      const x = length * (0.32 - (0.78 * index) / options.count) + random.between(-1, 1);
      lines.push(
        stroke(
          [
            [x, top],
            [x - length * 0.015, top + depth * 0.4],
            [x + length * 0.01, top + depth * (options.reach ?? 0.9)],
          ],
          options.colour,
          options.width,
        ),
      );
    }
    const near = shape.legs.filter((leg) => leg.near);
    const legs =
      options.legs === true
        ? near.map(({ centre }) => rings(centre, 7, depth, options.colour, options.width, () => 0)).join('')
        : '';
    return (
      clipped('stripes', [shape.trunk], lines.join('')) +
      (legs === ''
        ? ''
        : clipped(
            'leg-stripes',
            near.map(({ outline }) => outline),
            legs,
          ))
    );
  };
}

/** Patches of another colour: topi's thighs, cattle's blotches. Centres and radii in shares of length and depth. */
export function blotches(colour: string, places: readonly (readonly [x: number, y: number, rx: number, ry: number])[]) {
  return (shape: Shape): string => {
    const { shoulder, length, depth } = shape.build;
    const ellipses = places
      .map(
        ([x, y, rx, ry]) =>
          `<ellipse cx="${x * length}" cy="${-(shoulder - y * depth)}" rx="${rx * length}" ry="${ry * depth}" fill="${colour}"/>`,
      )
      .join('');
    const outlines = [shape.trunk, ...shape.legs.filter(({ near }) => near).map(({ outline }) => outline)];
    return clipped(`blotches-${colour.slice(1)}`, outlines, ellipses);
  };
}

/** Several patterns over each other. */
export function layered(...patterns: readonly ((shape: Shape, random: Random) => string)[]) {
  return (shape: Shape, random: Random): string => patterns.map((pattern) => pattern(shape, random)).join('');
}
