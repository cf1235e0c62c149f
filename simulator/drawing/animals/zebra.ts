import { type Point, smooth } from '../path';
import { longFace } from './heads';
import { zebraLegs, zebraStripes } from './patterns';
import { line, quadruped, type Shape } from './quadruped';

export const zebra = quadruped({
  shoulder: 128,
  rump: 130,
  length: 150,
  depth: 62,
  tuck: 6,
  neck: { length: 72, up: 42, down: -32, width: 30 },
  head: {
    length: 58,
    up: 42,
    down: 62,
    ...longFace({
      depth: 1.05,
      ear: { length: 0.3, width: 0.15, angle: 105, inside: '#3a332e' },
      colour: () => '#ece7dd',
      marks: () =>
        [0, 0.13, 0.26, 0.39, 0.52, 0.64]
          .map((x) => {
            const stripe: Point[] = [
              [x + 0.02, 0.06 * x - 0.15],
              [x - 0.01, -0.02],
              [x - 0.05, 0.2 - 0.1 * x],
            ];
            return line(stripe, '#1d1a18', 0.05);
          })
          .join(''),
    }),
  },
  legs: [24, 11, 8.5],
  feet: 'hooves',
  tail: { length: 42, width: 5, droop: 76, colour: '#d8d2c6', tuft: { length: 34, width: 11, colour: '#1d1a18' } },
  coat: { back: '#e9e4da', flank: '#efeae1', belly: '#f4f0e8', legs: '#e8e3d8', muzzle: '#2a2522', dark: '#1d1a18' },
  pattern: zebraStripes,
  behindHead: (shape) => zebraLegs(shape, false) + zebraMane(shape),
});

function zebraMane(shape: Shape): string {
  const [, poll] = shape.neckAxis;
  const { length, shoulder, depth, neck } = shape.build;
  const withers: Point = [length * 0.16, -(shoulder - depth * 0.06)];
  const size = Math.hypot(poll[0] - withers[0], poll[1] - withers[1]);
  const up: Point = [(poll[1] - withers[1]) / size, -(poll[0] - withers[0]) / size];
  const nape: Point = [poll[0] + up[0] * neck.width * 0.42, poll[1] + up[1] * neck.width * 0.42];
  const at = (share: number, height: number): Point => [
    withers[0] + (nape[0] - withers[0]) * share + up[0] * height,
    withers[1] + (nape[1] - withers[1]) * share + up[1] * height,
  ];
  const brush = smooth([at(0.04, -6), at(0.25, 9), at(0.6, 13), at(1, 13), at(1.08, 4), at(1, -8), at(0.5, -8)]);
  const stripes = Array.from({ length: 9 }, (_, index) => {
    const share = (index + 0.6) / 9;
    return line([at(share, -6), at(share, 4 + 6 * Math.min(1, share * 2))], '#1d1a18', size * 0.05);
  });
  return `<path d="${brush}" fill="#ece7dd"/>${stripes.join('')}`;
}
