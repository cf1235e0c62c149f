import { type Point, smooth } from '../path';
import { HORN } from './antelope';
import { dewlap } from './antelopes';
import { longFace } from './heads';
import { boss, bow } from './horns';
import { blotches, layered, uprightStripes } from './patterns';
import { quadruped, type Shape } from './quadruped';

export const wildebeest = quadruped({
  shoulder: 132,
  rump: 116,
  length: 150,
  depth: 66,
  tuck: 12,
  neck: { length: 55, up: 22, down: -30, width: 34 },
  head: {
    length: 62,
    up: 56,
    down: 72,
    ...longFace({
      depth: 0.85,
      muzzle: 1.2,
      ear: { length: 0.28, width: 0.12, angle: 190, at: [0.02, -0.06] },
      horns: () => bow(0.34, 0.11).near(HORN),
      farHorns: () => bow(0.34, 0.11).far('#191512'),
      colour: () => '#38312d',
    }),
  },
  legs: [25, 11, 8.5],
  feet: 'hooves',
  tail: { length: 48, width: 6, droop: 78, tuft: { length: 48, width: 16, colour: '#1b1715' } },
  coat: { back: '#5d544d', flank: '#6f665e', belly: '#5a5049', legs: '#75624f', muzzle: '#1f1a18', dark: '#1b1715' },
  pattern: layered(uprightStripes({ colour: '#463e39', count: 8, width: 4, reach: 0.8 })),
  behindHead: wildebeestHair,
});

function wildebeestHair(shape: Shape): string {
  const [base, poll] = shape.neckAxis;
  const { shoulder, length } = shape.build;
  const mane: Point[] = [
    [length * 0.16, -shoulder + 2],
    [(base[0] + poll[0]) / 2 - 4, Math.min(poll[1], -shoulder) - 8],
    [poll[0] + 6, poll[1] - 14],
    [poll[0], poll[1] + 6],
    [base[0], base[1]],
  ];
  const beard: Point[] = [
    [poll[0] + 8, poll[1] + 8],
    [poll[0] + 20, poll[1] + 34],
    [poll[0] - 2, poll[1] + 42],
    [base[0] + 8, base[1] + 34],
    [base[0], base[1] + 10],
  ];
  return `<path d="${smooth(mane)}" fill="#1d1917"/><path d="${smooth(beard)}" fill="#8d8173"/>`;
}

export const buffalo = quadruped({
  shoulder: 152,
  rump: 144,
  length: 205,
  depth: 92,
  tuck: 6,
  neck: { length: 62, up: 18, down: -30, width: 52 },
  head: {
    length: 66,
    up: 42,
    down: 64,
    ...longFace({
      depth: 1.2,
      muzzle: 1.45,
      ear: { length: 0.42, width: 0.2, angle: 215, at: [-0.02, 0.04] },
      horns: () => boss().near('#8d8375'),
      farHorns: () => boss().far('#6d6459'),
    }),
  },
  legs: [38, 18, 15],
  feet: 'hooves',
  tail: { length: 75, width: 6, droop: 84, tuft: { length: 28, width: 12, colour: '#191614' } },
  coat: { back: '#37302b', flank: '#463d37', belly: '#3a332e', legs: '#352e2a', muzzle: '#1f1a17', dark: '#151210' },
});

export const cattle = quadruped({
  shoulder: 132,
  rump: 130,
  length: 190,
  depth: 78,
  tuck: 4,
  neck: { length: 60, up: 24, down: -32, width: 36 },
  head: {
    length: 56,
    up: 40,
    down: 64,
    ...longFace({
      depth: 1.05,
      muzzle: 1.3,
      ear: { length: 0.4, width: 0.18, angle: 190, at: [0.02, -0.02] },
      horns: () => bow(0.5, 0.1).near('#c9bda6'),
      farHorns: () => bow(0.5, 0.1).far('#a79c88'),
      colour: () => '#e6dfd2',
    }),
  },
  legs: [32, 15, 12],
  feet: 'hooves',
  tail: { length: 82, width: 5, droop: 86, tuft: { length: 22, width: 9, colour: '#3c2a1e' } },
  coat: { back: '#e5ded1', flank: '#ebe5da', belly: '#e3dbcd', legs: '#e0d8ca', muzzle: '#c9a896', dark: '#3a2e25' },
  pattern: blotches('#6e3a20', [
    [0.3, 0.25, 0.2, 0.36],
    [-0.12, 0.6, 0.16, 0.3],
    [-0.42, 0.2, 0.14, 0.36],
  ]),
  behindHead: (shape) => dewlap(shape, '#ddd5c7'),
});
