import { darker, lighter } from '../colour';
import type { Point } from '../path';
import { ear, fine } from './heads';
import { type Coat, line, quadruped } from './quadruped';

export const hippopotamus = quadruped({
  shoulder: 146,
  rump: 148,
  length: 275,
  depth: 104,
  tuck: 0,
  neck: { length: 46, up: -4, down: -22, width: 78 },
  head: {
    length: 92,
    up: 14,
    down: 30,
    draw: hippoHead,
    drawFar: (coat) => ear({ length: 0.14, width: 0.11, angle: 95, at: [0.1, -0.34] }, darker(coat.flank, 0.3), 0.07),
  },
  legs: [50, 38, 38],
  feet: 'paws',
  tail: { length: 34, width: 9, droop: 80 },
  coat: { back: '#5c4f4d', flank: '#75625e', belly: '#a07f76', legs: '#6d5a55', muzzle: '#86706a', dark: '#2a2321' },
});

function hippoHead(coat: Coat): string {
  const outline: Point[] = [
    [-0.2, -0.36],
    [0.1, -0.36],
    [0.34, -0.28],
    [0.56, -0.17],
    [0.82, -0.24],
    [1.02, -0.18],
    [1.1, 0.04],
    [1.06, 0.3],
    [0.84, 0.42],
    [0.5, 0.36],
    [0.2, 0.42],
    [-0.2, 0.4],
  ];
  return [
    `<path d="${fine(outline)}" fill="${coat.flank}"/>`,
    `<path d="${fine([
      [0.66, -0.1],
      [0.84, -0.2],
      [1.04, -0.12],
      [1.08, 0.12],
      [0.9, 0.2],
      [0.7, 0.1],
    ])}" fill="${lighter(coat.flank, 0.1)}"/>`,
    line(
      [
        [1.07, 0.22],
        [0.8, 0.26],
        [0.52, 0.18],
        [0.42, 0.08],
      ],
      coat.dark,
      0.02,
    ),
    `<ellipse cx="0.95" cy="-0.15" rx="0.045" ry="0.025" fill="${coat.dark}"/>`,
    `<ellipse cx="0.32" cy="-0.26" rx="0.08" ry="0.06" fill="${darker(coat.flank, 0.12)}"/>`,
    '<circle cx="0.34" cy="-0.26" r="0.03" fill="#15100c"/>',
    `<path d="${fine([
      [0.2, 0.3],
      [0.6, 0.3],
      [0.95, 0.36],
      [0.7, 0.42],
      [0.3, 0.42],
    ])}" fill="${coat.belly}"/>`,
    ear({ length: 0.16, width: 0.12, angle: 110, at: [0.06, -0.33] }, coat.flank, 0),
  ].join('');
}
