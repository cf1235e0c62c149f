import { mix } from '../colour';
import type { Point } from '../path';
import { fine, longFace } from './heads';
import { giraffePatches } from './patterns';
import { line, quadruped, type Shape } from './quadruped';

export const giraffe = quadruped({
  shoulder: 285,
  rump: 245,
  length: 190,
  depth: 105,
  tuck: 12,
  neck: { length: 215, up: 66, down: 10, width: 34 },
  head: {
    length: 66,
    up: 28,
    down: 42,
    ...longFace({
      depth: 0.95,
      muzzle: 0.95,
      ear: { length: 0.3, width: 0.15, angle: 160 },
      colour: (coat) => mix(coat.flank, '#8a5a2b', 0.35),
      horns: () => ossicone(0.06),
      farHorns: () => ossicone(0.17),
    }),
  },
  legs: [38, 17, 13],
  feet: 'hooves',
  tail: { length: 75, width: 6, droop: 82, tuft: { length: 55, width: 14, colour: '#241b14' } },
  coat: { back: '#e3c896', flank: '#ead4a8', belly: '#efe0c0', legs: '#eadbb9', muzzle: '#b08d66', dark: '#40352a' },
  pattern: giraffePatches,
  behindHead: giraffeMane,
});

function ossicone(x: number): string {
  return (
    `<path d="${fine([
      [x, -0.12],
      [x - 0.06, -0.36],
      [x + 0.02, -0.38],
      [x + 0.08, -0.14],
    ])}" fill="#9c7040"/>` + `<circle cx="${x - 0.02}" cy="-0.37" r="0.052" fill="#2c2119"/>`
  );
}

function giraffeMane(shape: Shape): string {
  const [, poll] = shape.neckAxis;
  const withers: Point = [shape.build.length * 0.22, -shape.build.shoulder - 2];
  return line(
    [withers, [(withers[0] + poll[0]) / 2 - 12, (withers[1] + poll[1]) / 2 - 4], [poll[0] - 17, poll[1] + 4]],
    '#8a5a2b',
    11,
  );
}
