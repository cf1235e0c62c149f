import type { Random } from '../../random';
import { darker } from '../colour';
import type { Point } from '../path';
import { cat, round, sand } from './cat';
import { longFace, pointedFace } from './heads';
import { line, quadruped, type Shape } from './quadruped';

export const hare = quadruped({
  shoulder: 24,
  rump: 29,
  length: 40,
  depth: 17,
  tuck: -2,
  neck: { length: 9, up: 46, down: -14, width: 9 },
  head: {
    length: 13,
    up: 20,
    down: 34,
    ...pointedFace({
      ear: { length: 1.15, width: 0.32, angle: 112, at: [0.04, -0.18], inside: '#b59a86' },
      depth: 1.2,
    }),
  },
  legs: [11, 4.5, 4],
  feet: 'paws',
  tail: { length: 6, width: 6, droop: 0, colour: '#e8e2d6' },
  coat: { back: '#85735a', flank: '#9a876b', belly: '#e2d9c8', legs: '#947f62', muzzle: '#a8957a', dark: '#1f1a16' },
});

export const aardvark = quadruped({
  shoulder: 58,
  rump: 64,
  length: 112,
  depth: 40,
  tuck: 0,
  neck: { length: 24, up: 4, down: -22, width: 24 },
  head: {
    length: 38,
    up: 26,
    down: 40,
    ...longFace({ depth: 0.72, muzzle: 0.6, ear: { length: 0.56, width: 0.2, angle: 118 } }),
  },
  legs: [22, 13, 12],
  feet: 'paws',
  tail: { length: 58, width: 13, droop: 46 },
  coat: { back: '#8d7b69', flank: '#a18e7a', belly: '#95826f', legs: '#6b5b4d', muzzle: '#b39c8b', dark: '#2a2420' },
});

export const porcupine = quadruped({
  shoulder: 30,
  rump: 34,
  length: 66,
  depth: 24,
  tuck: 0,
  neck: { length: 12, up: 10, down: -18, width: 15 },
  head: {
    length: 18,
    up: 18,
    down: 32,
    ...pointedFace({ ear: { length: 0.14, width: 0.16, angle: 140, at: [0.02, -0.08] }, depth: 1.25 }),
  },
  legs: [11, 7, 7],
  feet: 'paws',
  tail: { length: 8, width: 8, droop: 50 },
  overhang: { back: 30, top: 20 },
  coat: { back: '#211d1b', flank: '#2c2725', belly: '#2a2523', legs: '#211d1b', muzzle: '#4a423d', dark: '#100e0d' },
  pattern: quills,
});

function quills({ build }: Shape, random: Random): string {
  const { length, rump, shoulder } = build;
  const result: string[] = [];
  for (let index = 0; index < 95; index++) {
    const share = random.next();
    const x = length * (0.38 - 0.84 * share);
    const y = -(shoulder + (rump - shoulder) * share) + random.between(2, 15);
    const size = (14 + 18 * share) * random.between(0.7, 1.15);
    const angle = Math.PI - (1.15 - share * 0.75) + random.between(-0.16, 0.16);
    const tip: Point = [x + Math.cos(angle) * size, y - Math.sin(angle) * size];
    const middle: Point = [x + Math.cos(angle) * size * 0.5, y - Math.sin(angle) * size * 0.5];
    result.push(line([[x, y], middle], '#1d1a18', 1.5) + line([middle, tip], '#e9e3d7', 1.2));
  }
  return result.join('');
}

export const rodents = quadruped(
  cat(
    9,
    {
      ...sand,
      back: '#6c5a45',
      flank: '#806c54',
      belly: '#b5a78e',
      legs: '#8a755c',
      muzzle: '#8c7660',
      dark: darker('#6c5a45', 0.7),
    },
    {
      length: 19,
      rump: 11,
      depth: 8,
      tuck: 0,
      neck: { length: 3, up: 8, down: -16, width: 6 },
      head: { length: 7, up: 16, down: 28, ...pointedFace({ ear: round(0.34), depth: 1.1 }) },
      tail: { length: 18, width: 0.9, droop: 14 },
    },
  ),
);
