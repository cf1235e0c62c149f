import { type Point, smooth } from '../path';
import { pointed, round } from './cat';
import { pointedFace } from './heads';
import { spots, uprightStripes } from './patterns';
import { quadruped, type Shape } from './quadruped';

export const hyenaspotted = quadruped({
  shoulder: 82,
  rump: 66,
  length: 104,
  depth: 42,
  tuck: 8,
  neck: { length: 42, up: 34, down: -24, width: 26 },
  head: { length: 34, up: 20, down: 40, ...pointedFace({ ear: round(0.28), depth: 1.1 }) },
  legs: [20, 10, 9.5],
  feet: 'paws',
  tail: { length: 28, width: 5, droop: 70, tuft: { length: 14, width: 8, colour: '#2a211b' } },
  coat: { back: '#8f7552', flank: '#a98e68', belly: '#9b8260', legs: '#8d7658', muzzle: '#3d3028', dark: '#1e1814' },
  pattern: spots({ size: 2.7, colour: '#4a3a2b', spacing: 10 }),
});

export const hyenastriped = quadruped({
  shoulder: 74,
  rump: 60,
  length: 98,
  depth: 38,
  tuck: 7,
  neck: { length: 38, up: 32, down: -24, width: 24 },
  head: { length: 31, up: 20, down: 40, ...pointedFace({ ear: pointed(0.46), depth: 1.0 }) },
  legs: [17, 8, 8],
  feet: 'paws',
  tail: { length: 34, width: 14, droop: 66, colour: '#6d6253' },
  coat: { back: '#8b8070', flank: '#a69a87', belly: '#968a77', legs: '#9a8e7b', muzzle: '#2b2420', dark: '#1e1814' },
  pattern: uprightStripes({ colour: '#2a241f', count: 8, width: 3, legs: true }),
  behindHead: (shape) => crest(shape, '#4d443a', 12),
});

export const aardwolf = quadruped({
  shoulder: 48,
  rump: 44,
  length: 68,
  depth: 22,
  tuck: 5,
  neck: { length: 26, up: 36, down: -24, width: 13 },
  head: { length: 19, up: 20, down: 40, ...pointedFace({ ear: pointed(0.5), depth: 0.85 }) },
  legs: [10, 4.5, 4.5],
  feet: 'paws',
  tail: { length: 26, width: 9, droop: 62, tuft: { length: 6, width: 8, colour: '#2a241f' } },
  coat: { back: '#b3935f', flank: '#c9ab78', belly: '#d3ba8d', legs: '#a98a5c', muzzle: '#3a2f28', dark: '#1e1814' },
  pattern: uprightStripes({ colour: '#3a2f26', count: 6, width: 1.8, legs: true }),
  behindHead: (shape) => crest(shape, '#7d6748', 7),
});

/** Long hair along the back. */
function crest(shape: Shape, colour: string, height: number): string {
  const { shoulder, rump, length } = shape.build;
  const points: Point[] = [
    [shape.poll[0] - 2, shape.poll[1] - height * 0.8],
    [length * 0.25, -shoulder - height],
    [-length * 0.1, -(shoulder + rump) / 2 - height],
    [-length * 0.45, -rump - height * 0.4],
    [-length * 0.3, -rump + 8],
    [length * 0.2, -shoulder + 8],
    [shape.poll[0], shape.poll[1] + 3],
  ];
  return `<path d="${smooth(points)}" fill="${colour}"/>`;
}
