import { mix } from '../colour';
import { type Point, smooth } from '../path';
import { cat, pointed, round, sand } from './cat';
import { roundFace } from './heads';
import { spots, uprightStripes } from './patterns';
import { type Coat, line, quadruped, type Shape } from './quadruped';

const lionCoat: Coat = { ...sand, back: '#ab7f48', flank: '#bd935a', belly: '#dcc7a0', legs: '#c49c64' };

export const lionfemale = quadruped(
  cat(98, lionCoat, {
    head: { length: 36, up: 16, down: 30, ...roundFace({ ear: round(0.3) }) },
    tail: { length: 80, width: 6, droop: 60, tuft: { length: 15, width: 9, colour: '#3a2a1c' } },
  }),
);

export const lionmale = quadruped(
  cat(
    112,
    { ...lionCoat, back: '#a3763f', flank: '#b68850' },
    {
      length: 172,
      head: { length: 42, up: 14, down: 28, ...roundFace({ ear: round(0.26) }) },
      tail: { length: 88, width: 7, droop: 60, tuft: { length: 18, width: 11, colour: '#2c1f15' } },
      pattern: (shape) => mane(shape, '#4a2f1a', '#70491f'),
      behindHead: (shape) => mane(shape, '#3a2414', '#3a2414'),
    },
  ),
);

/** A lion's: a ragged wreath round the head, down the throat to the chest. */
export function mane(shape: Shape, outer: string, inner: string): string {
  const [x, y] = shape.poll;
  const wreath = (radius: number, shift: number): string => {
    const points = Array.from({ length: 44 }, (_, index): Point => {
      const angle = (index / 44) * 2 * Math.PI;
      const reach = radius * (index % 2 === 0 ? 1.05 : 0.96) * (1 + 0.05 * Math.sin(angle * 3));
      return [x + shift + Math.cos(angle) * reach, y + 13 + Math.sin(angle) * reach * 1.24];
    });
    return smooth(points);
  };
  return (
    `<path d="${wreath(41, -10)}" fill="${outer}"/><path d="${wreath(34, -5)}" fill="${mix(outer, inner, 0.5)}"/>` +
    `<path d="${wreath(26, 0)}" fill="${inner}"/>`
  );
}

export const leopard = quadruped(
  cat(
    64,
    { ...sand, back: '#b98b4b', flank: '#cfa765' },
    {
      head: { length: 23, up: 14, down: 30, ...roundFace({ ear: round(0.26), marks: faceSpots }) },
      pattern: spots({ size: 2.6, colour: '#2a1f17', spacing: 8.5, rosettes: true }),
      tail: { length: 66, width: 5.5, droop: 48, tuft: { length: 10, width: 6, colour: '#2a1f17' } },
    },
  ),
);

function faceSpots(): string {
  return [
    [0.1, -0.2],
    [0.22, -0.1],
    [0.1, 0.0],
    [0.25, 0.12],
    [0.0, 0.15],
  ]
    .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="0.032" fill="#2a1f17"/>`)
    .join('');
}

export const cheetah = quadruped(
  cat(
    78,
    { ...sand, back: '#c49a58', flank: '#d6b274' },
    {
      length: 118,
      depth: 33,
      tuck: 13,
      neck: { length: 32, up: 36, down: -20, width: 15 },
      head: {
        length: 21,
        up: 14,
        down: 30,
        ...roundFace({
          ear: round(0.24),
          marks: () =>
            faceSpots() +
            line(
              [
                [0.46, -0.04],
                [0.6, 0.08],
                [0.62, 0.22],
              ],
              '#1a1410',
              0.05,
            ),
        }),
      },
      legs: [15, 7, 7.5],
      pattern: spots({ size: 1.7, colour: '#221913', spacing: 6.2 }),
      tail: { length: 70, width: 5, droop: 52, tuft: { length: 10, width: 6, colour: '#221913' } },
    },
  ),
);

export const serval = quadruped(
  cat(
    56,
    { ...sand, back: '#c18f4a', flank: '#d3a861' },
    {
      length: 74,
      depth: 22,
      neck: { length: 24, up: 44, down: -20, width: 10 },
      head: {
        length: 16,
        up: 12,
        down: 30,
        ...roundFace({ ear: { length: 0.68, width: 0.46, angle: 98, at: [0.04, -0.26] }, muzzleLength: 0.05 }),
      },
      legs: [11, 5, 5],
      pattern: spots({ size: 1.7, colour: '#221913', spacing: 7 }),
      tail: { length: 28, width: 4.5, droop: 58 },
    },
  ),
);

export const caracal = quadruped(
  cat(
    46,
    { ...sand, back: '#a5623a', flank: '#b97547', legs: '#bd7f52' },
    {
      head: {
        length: 17,
        up: 12,
        down: 30,
        ...roundFace({ ear: { length: 0.72, width: 0.3, angle: 104, at: [0.02, -0.26], inside: '#1d1512' } }),
      },
      tail: { length: 24, width: 5, droop: 60 },
    },
  ),
);

export const wildcat = quadruped(
  cat(
    34,
    { ...sand, back: '#83745d', flank: '#998a70', belly: '#c6b99e', legs: '#94846a' },
    {
      head: { length: 13, up: 12, down: 30, ...roundFace({ ear: pointed(0.36) }) },
      pattern: uprightStripes({ colour: '#6a5c48', count: 9, width: 1.4, legs: true }),
      tail: { length: 30, width: 4.5, droop: 42 },
    },
  ),
);
