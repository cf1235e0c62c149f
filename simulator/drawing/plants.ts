import type { Random } from '../random';
import { darker, lighter, mix } from './colour';
import { limb, smooth, type Point } from './path';

/** Plants and stones as SVG elements in centimetres, foot at the origin, upwards negative. */

/** An umbrella thorn: forked trunk, flat crown in layers. */
export function acacia(random: Random, height: number, leaves: string): string {
  const trunk = '#4d3f31';
  const spread = height * random.between(0.5, 0.75);
  const crown = -height * 0.86;
  const branches = [-0.7, -0.25, 0.3, 0.75].map((share) => {
    const tip: Point = [
      share * spread * 0.9 + random.between(-0.05, 0.05) * height,
      crown + random.between(0, 0.06) * height,
    ];
    const fork: Point = [share * height * 0.08, -height * random.between(0.36, 0.5)];
    return `<path d="${limb([[0, 0], fork, tip], [height * 0.055, height * 0.04, height * 0.012])}" fill="${trunk}"/>`;
  });
  const layers: string[] = [];
  for (let index = 0; index < 34; index++) {
    const share = random.between(-1, 1);
    const x = share * spread;
    const y = crown - (1 - share * share) * height * 0.1 + random.between(-0.035, 0.045) * height;
    const colour = mix(darker(leaves, 0.35), lighter(leaves, 0.12), random.next());
    layers.push(
      `<ellipse cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" rx="${(height * random.between(0.09, 0.17)).toFixed(0)}" ry="${(height * random.between(0.025, 0.05)).toFixed(0)}" fill="${colour}"/>`,
    );
  }
  return branches.join('') + layers.join('');
}

export function bush(random: Random, size: number, leaves: string): string {
  const core = Array.from({ length: 11 }, (_, index): Point => {
    const angle = Math.PI * (index / 10);
    const reach = size * random.between(0.66, 0.86);
    return [Math.cos(angle) * reach, -Math.sin(angle) * reach * 0.85];
  });
  const parts: string[] = [];
  for (let index = 0; index < 70; index++) {
    const angle = random.between(0, Math.PI);
    const reach = size * Math.sqrt(random.between(0.1, 1)) * 0.92;
    const x = Math.cos(angle) * reach;
    const y = -Math.sin(angle) * reach * 0.86 - size * 0.02;
    const colour = mix(darker(leaves, 0.45), lighter(leaves, 0.16), random.next() * (0.35 + (0.65 * -y) / size));
    const radius = size * random.between(0.06, 0.13);
    parts.push(
      `<ellipse cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" rx="${radius.toFixed(1)}" ry="${(radius * 0.72).toFixed(1)}" fill="${colour}"/>`,
    );
  }
  return `<path d="${smooth(core)}" fill="${darker(leaves, 0.5)}"/>${parts.join('')}`;
}

export function boulder(random: Random, size: number): string {
  const stone = random.pick(['#8f867a', '#9a8d7d', '#7f786f']);
  const outline = Array.from({ length: 9 }, (_, index): Point => {
    const angle = Math.PI * (index / 8);
    const reach = size * random.between(0.82, 1.05);
    return [Math.cos(angle) * reach, -Math.sin(angle) * reach * 0.62];
  });
  const lit = outline.map(([x, y]): Point => [x * 0.72 - size * 0.1, y * 0.72 - size * 0.06]);
  return `<path d="${smooth(outline)}" fill="${darker(stone, 0.25)}"/><path d="${smooth(lit)}" fill="${stone}"/>`;
}

export function termiteMound(random: Random, height: number): string {
  const earth = random.pick(['#8a5f40', '#94704e', '#7d5a41']);
  const outline: Point[] = [
    [-height * 0.5, 0],
    [-height * 0.34, -height * 0.42],
    [-height * 0.16, -height * 0.86],
    [height * 0.02, -height],
    [height * 0.16, -height * 0.74],
    [height * 0.3, -height * 0.36],
    [height * 0.52, 0],
  ];
  const shade = outline.map(([x, y]): Point => [x * 0.5 + height * 0.14, y * 0.8]);
  return `<path d="${smooth(outline)}" fill="${earth}"/><path d="${smooth(shade)}" fill="${darker(earth, 0.18)}"/>`;
}

/** A trunk close to the camera, at the edge of the picture. */
export function nearTrunk(random: Random, width: number): string {
  const bark = random.pick(['#5b4c3d', '#6a5948', '#4f443a']);
  const lean = random.between(-0.4, 0.4) * width;
  const furrows = Array.from({ length: 16 }, () => {
    const x = random.between(-0.42, 0.42) * width;
    const y = -random.between(10, 330);
    const length = random.between(18, 60);
    return `<path d="M${x.toFixed(1)} ${y.toFixed(1)}q${random.between(-3, 3).toFixed(1)} ${(-length / 2).toFixed(1)} ${(lean * 0.08).toFixed(1)} ${(-length).toFixed(1)}" stroke="${darker(bark, random.between(0.2, 0.5))}" stroke-width="${random.between(1, 2.6).toFixed(1)}" fill="none"/>`;
  });
  return (
    `<path d="${limb(
      [
        [0, 4],
        [lean * 0.3, -120],
        [lean, -380],
      ],
      [width * 1.25, width, width * 0.85],
    )}" fill="${bark}"/>` + furrows.join('')
  );
}

/** Blades of grass on the ground from `left` to `right`, thickest in the middle, each bent its own way. */
export function grass(
  random: Random,
  left: number,
  right: number,
  height: number,
  colours: readonly string[],
  density: number,
): string {
  const count = Math.ceil((right - left) * density);
  const paths = colours.map(() => '');
  for (let index = 0; index < count; index++) {
    const share = (random.next() + random.next()) / 2;
    const x = left + (right - left) * share;
    const y = random.between(-0.14, 0.05) * height * (1 - Math.abs(2 * share - 1));
    const size = height * (0.35 + 0.65 * random.next());
    const bend = random.between(-0.42, 0.42) * size;
    const which = Math.floor(random.next() * colours.length);
    paths[which] +=
      `M${x.toFixed(1)} ${y.toFixed(1)}q${(bend * 0.15).toFixed(1)} ${(-size * 0.6).toFixed(1)} ${bend.toFixed(1)} ${(-size).toFixed(1)}`;
  }
  const width = Math.max(0.5, height * 0.026);
  return paths
    .map(
      (path, which) =>
        `<path d="${path}" stroke="${colours[which]}" stroke-width="${width.toFixed(2)}" fill="none" stroke-linecap="round"/>`,
    )
    .join('');
}
