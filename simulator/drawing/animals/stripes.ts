import type { Random } from '../../random';
import { lerp, stroke, type Point } from '../path';
import type { Shape } from './shape';

/** Everything that follows, cut to the outlines given. */
export function clipped(id: string, outlines: readonly string[], elements: string): string {
  const paths = outlines.map((outline) => `<path d="${outline}"/>`).join('');
  return `<clipPath id="only-${id}">${paths}</clipPath><g clip-path="url(#only-${id})">${elements}</g>`;
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
export function rings(
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
