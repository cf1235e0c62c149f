import { mix } from '../colour';
import { type Point, smooth } from '../path';
import { cat, round } from './cat';
import { fine, pointedFace } from './heads';
import { layered } from './patterns';
import { type Coat, quadruped, type Shape } from './quadruped';

/** Black below, pale above: the badger's and the zorilla's mantle. */
function mantle(colour: string, share: number): (shape: Shape) => string {
  return (shape) => {
    const { shoulder, rump, length, depth } = shape.build;
    const cape: Point[] = [
      [shape.poll[0] + 3, shape.poll[1] - depth * 0.35],
      [length * 0.25, -shoulder - 1],
      [-length * 0.45, -rump - 1],
      [-length * 0.52, -(rump - depth * share)],
      [0, -(shoulder - depth * share)],
      [length * 0.35, -(shoulder - depth * share * 0.9)],
      [shape.poll[0] + 4, shape.poll[1] - depth * 0.05],
    ];
    return `<path d="${smooth(cape)}" fill="${colour}"/>`;
  };
}

const black: Coat = {
  back: '#211d1a',
  flank: '#262220',
  belly: '#1d1917',
  legs: '#1d1917',
  muzzle: '#2e2723',
  dark: '#0f0d0c',
};

export const honeybadger = quadruped(
  cat(28, black, {
    length: 62,
    depth: 18,
    tuck: 0,
    neck: { length: 14, up: 4, down: -16, width: 15 },
    head: {
      length: 17,
      up: 14,
      down: 26,
      ...pointedFace({
        ear: round(0.08),
        marks: () =>
          `<path d="${fine([
            [-0.18, -0.2],
            [0.15, -0.29],
            [0.38, -0.2],
            [0.1, -0.12],
            [-0.2, -0.04],
          ])}" fill="#c9c3b8"/>`,
      }),
    },
    legs: [10, 6.5, 7],
    pattern: mantle('#bfb9ae', 0.42),
    tail: { length: 18, width: 6, droop: -8 },
  }),
);

export const zorilla = quadruped(
  cat(13, black, {
    length: 32,
    depth: 9,
    tuck: 0,
    neck: { length: 7, up: 6, down: -16, width: 7 },
    head: {
      length: 8,
      up: 12,
      down: 24,
      ...pointedFace({
        ear: round(0.12),
        marks: () => `<ellipse cx="0.3" cy="-0.12" rx="0.1" ry="0.06" fill="#efe9de"/>`,
      }),
    },
    pattern: layered(mantle('#efe9de', 0.3), mantle('#211d1a', 0.12)),
    tail: { length: 26, width: 7, droop: 8, colour: mix('#efe9de', '#211d1a', 0.2) },
  }),
);
