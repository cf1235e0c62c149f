import { darker } from '../colour';
import { limb, type Point, smooth } from '../path';
import { fine, pointedFace } from './heads';
import { type Coat, quadruped, type Shape } from './quadruped';

const olive: Coat = {
  back: '#6b5f45',
  flank: '#7f7254',
  belly: '#8c8064',
  legs: '#6d614a',
  muzzle: '#35302b',
  dark: '#1f1b18',
};

/** A monkey's tail rises from the root and hangs down from a kink. */
function kinked(shape: Shape, length: number, width: number, colour: string): string {
  const { rump, length: trunk, depth } = shape.build;
  const root: Point = [-trunk * 0.45, -(rump - depth * 0.12)];
  const centre: Point[] = [
    root,
    [root[0] - length * 0.22, root[1] - length * 0.22],
    [root[0] - length * 0.42, root[1] - length * 0.16],
    [root[0] - length * 0.5, root[1] + length * 0.3],
  ];
  return `<path d="${limb(centre, [width * 1.3, width, width * 0.9, width * 0.8])}" fill="${colour}"/>`;
}

export const baboon = quadruped({
  shoulder: 66,
  rump: 54,
  length: 76,
  depth: 32,
  tuck: 6,
  neck: { length: 20, up: 28, down: -24, width: 22 },
  head: {
    length: 27,
    up: 20,
    down: 40,
    ...pointedFace({
      ear: { length: 0.18, width: 0.2, angle: 150, at: [0.0, -0.06] },
      depth: 1.1,
      marks: () =>
        `<path d="${fine([
          [0.34, -0.16],
          [0.5, -0.12],
          [0.95, -0.05],
          [1.02, 0.05],
          [0.9, 0.12],
          [0.5, 0.16],
          [0.38, 0.06],
        ])}" fill="#3a342e"/>`,
    }),
  },
  legs: [19, 9.5, 9],
  feet: 'paws',
  tail: { length: 4, width: 5, droop: 0 },
  overhang: { back: 30, top: 0 },
  coat: olive,
  pattern: () => '<ellipse cx="-38" cy="-42" rx="5" ry="7" fill="#8d6a66"/>',
  behindHead: (shape) =>
    kinked(shape, 52, 5, darker(olive.flank, 0.1)) +
    `<path d="${smooth([
      [shape.poll[0] - 2, shape.poll[1] - 12],
      [8, -72],
      [6, -44],
      [26, -38],
      [shape.poll[0] + 2, shape.poll[1] + 14],
    ])}" fill="#75694c"/>`,
});

export const monkeyvervet = quadruped({
  shoulder: 34,
  rump: 34,
  length: 46,
  depth: 16,
  tuck: 2,
  neck: { length: 10, up: 32, down: -20, width: 9 },
  head: {
    length: 13,
    up: 16,
    down: 34,
    ...pointedFace({
      ear: { length: 0.2, width: 0.2, angle: 150, at: [0.0, -0.02] },
      depth: 1.3,
      marks: () =>
        `<path d="${fine([
          [0.3, -0.25],
          [0.42, -0.24],
          [0.5, 0.3],
          [0.3, 0.35],
        ])}" fill="#efeae0"/>` +
        `<path d="${fine([
          [0.42, -0.22],
          [0.7, -0.12],
          [1.02, 0.0],
          [0.9, 0.16],
          [0.5, 0.28],
        ])}" fill="#1d1a19"/>`,
    }),
  },
  legs: [9, 4.5, 4.5],
  feet: 'paws',
  tail: { length: 2, width: 3, droop: 0 },
  overhang: { back: 32, top: 6 },
  coat: { back: '#8d8a7a', flank: '#a09d8d', belly: '#e3dfd3', legs: '#77746a', muzzle: '#1d1a19', dark: '#151312' },
  behindHead: (shape) => kinked(shape, 58, 3, '#85827a'),
});
