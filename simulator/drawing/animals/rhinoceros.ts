import { darker } from '../colour';
import type { Point } from '../path';
import { ear, fine } from './heads';
import { type Coat, line, quadruped } from './quadruped';

export const rhinoceros = quadruped({
  shoulder: 156,
  rump: 150,
  length: 250,
  depth: 98,
  tuck: 4,
  neck: { length: 58, up: 4, down: -26, width: 62 },
  head: {
    length: 76,
    up: 30,
    down: 48,
    draw: rhinoHead,
    drawFar: (coat) => ear({ length: 0.28, width: 0.15, angle: 92, at: [0.06, -0.26] }, darker(coat.flank, 0.35), 0.1),
  },
  legs: [48, 30, 28],
  feet: 'paws',
  tail: { length: 50, width: 7, droop: 78, tuft: { length: 12, width: 7, colour: '#2a2523' } },
  coat: { back: '#6c665f', flank: '#7d766e', belly: '#6a635c', legs: '#6d665f', muzzle: '#655e57', dark: '#2a2622' },
  pattern: ({ build }) =>
    line(
      [
        [build.length * 0.2, -build.shoulder + 6],
        [build.length * 0.14, -build.shoulder + 50],
        [build.length * 0.22, -70],
      ],
      '#5b554f',
      3,
    ) +
    line(
      [
        [-build.length * 0.28, -build.rump + 8],
        [-build.length * 0.22, -build.rump + 55],
      ],
      '#5b554f',
      3,
    ),
});

function rhinoHead(coat: Coat): string {
  const outline: Point[] = [
    [-0.2, -0.3],
    [0.1, -0.27],
    [0.36, -0.15],
    [0.62, -0.16],
    [0.9, -0.16],
    [1.04, 0.04],
    [1.0, 0.2],
    [0.85, 0.2],
    [0.5, 0.26],
    [0.2, 0.38],
    [-0.2, 0.36],
  ];
  const horn = '#3c352e';
  return [
    `<path d="${fine(outline)}" fill="${coat.flank}"/>`,
    `<path d="${fine([
      [0.72, -0.13],
      [0.82, -0.34],
      [0.98, -0.72],
      [0.95, -0.36],
      [0.98, -0.1],
    ])}" fill="${horn}"/>`,
    `<path d="${fine([
      [0.48, -0.12],
      [0.56, -0.26],
      [0.66, -0.42],
      [0.66, -0.24],
      [0.68, -0.12],
    ])}" fill="${horn}"/>`,
    line(
      [
        [1.0, 0.12],
        [0.84, 0.12],
        [0.72, 0.09],
      ],
      coat.dark,
      0.022,
    ),
    `<ellipse cx="0.92" cy="-0.02" rx="0.04" ry="0.03" fill="${coat.dark}"/>`,
    '<circle cx="0.46" cy="-0.02" r="0.034" fill="#15100c"/>',
    ear({ length: 0.3, width: 0.16, angle: 105, at: [0.0, -0.24] }, coat.flank, 0),
  ].join('');
}
