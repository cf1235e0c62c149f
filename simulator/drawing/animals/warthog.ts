import { darker } from '../colour';
import { type Point, smooth } from '../path';
import { ear, fine } from './heads';
import { type Coat, line, quadruped, type Shape } from './quadruped';

export const warthog = quadruped({
  shoulder: 70,
  rump: 64,
  length: 105,
  depth: 42,
  tuck: 2,
  neck: { length: 18, up: 4, down: -30, width: 30 },
  head: {
    length: 46,
    up: 24,
    down: 46,
    draw: (coat) => warthogHead(coat),
    drawFar: (coat) => ear({ length: 0.26, width: 0.18, angle: 105, at: [0.08, -0.2] }, darker(coat.flank, 0.35), 0.06),
  },
  legs: [16, 8.5, 7],
  feet: 'hooves',
  // A running warthog's tail stands up like an aerial.
  tail: { length: 40, width: 3, droop: -78, tuft: { length: 12, width: 6, colour: '#2a221d' } },
  coat: { back: '#4f4238', flank: '#75655a', belly: '#7d6c60', legs: '#67584d', muzzle: '#5d4d44', dark: '#241e1a' },
  behindHead: warthogMane,
});

function warthogHead(coat: Coat): string {
  const outline: Point[] = [
    [-0.15, -0.3],
    [0.15, -0.3],
    [0.45, -0.2],
    [0.8, -0.18],
    [1.0, -0.16],
    [1.04, 0.08],
    [0.9, 0.16],
    [0.6, 0.22],
    [0.35, 0.36],
    [-0.05, 0.36],
  ];
  const tusk: Point[] = [
    [0.72, 0.1],
    [0.84, 0.16],
    [0.92, 0.0],
    [0.86, -0.24],
    [0.79, -0.34],
    [0.82, -0.12],
    [0.78, 0.0],
  ];
  return [
    `<path d="${fine(outline)}" fill="${coat.flank}"/>`,
    `<path d="${fine([
      [0.94, -0.17],
      [1.04, -0.14],
      [1.06, 0.08],
      [0.95, 0.14],
    ])}" fill="${coat.muzzle}"/>`,
    `<ellipse cx="0.45" cy="0.06" rx="0.07" ry="0.06" fill="${darker(coat.flank, 0.25)}"/>`,
    `<ellipse cx="0.66" cy="-0.14" rx="0.05" ry="0.05" fill="${darker(coat.flank, 0.25)}"/>`,
    line(
      [
        [-0.02, 0.3],
        [0.2, 0.36],
        [0.4, 0.3],
      ],
      '#c9bfb0',
      0.07,
    ),
    `<path d="${fine(tusk)}" fill="#efe8d8"/>`,
    `<circle cx="0.3" cy="-0.19" r="0.035" fill="#15100c"/>`,
    ear({ length: 0.26, width: 0.18, angle: 118, at: [0.0, -0.24] }, coat.back, 0),
  ].join('');
}

function warthogMane(shape: Shape): string {
  const { shoulder, rump, length } = shape.build;
  const crest: Point[] = [
    [shape.poll[0] + 4, shape.poll[1] - 12],
    [length * 0.2, -shoulder - 9],
    [-length * 0.15, -(shoulder + rump) / 2 - 4],
    [-length * 0.3, -rump],
    [0, -shoulder + 10],
    [shape.poll[0], shape.poll[1] + 4],
  ];
  return `<path d="${smooth(crest)}" fill="#3a2f27"/>`;
}
