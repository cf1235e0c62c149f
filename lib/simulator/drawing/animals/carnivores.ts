import { darker, mix } from '../colour';
import { smooth, type Point } from '../path';
import { fine, pointedFace, roundFace, type Ear } from './heads';
import { layered, spots, uprightStripes } from './patterns';
import { line, quadruped, type Build, type Coat, type Shape } from './quadruped';

const round = (size: number, angle = 118): Ear => ({ length: size, width: size * 0.95, angle, at: [0.02, -0.24] });
const pointed = (size: number, angle = 105): Ear => ({ length: size, width: size * 0.55, angle, at: [0.06, -0.2] });

const sand: Coat = {
  back: '#b98f56',
  flank: '#c9a46c',
  belly: '#e6d6b6',
  legs: '#cdab76',
  muzzle: '#d9c19a',
  dark: '#2a1f17',
};

/** Measures shared by cats of the shoulder height given. */
function cat(height: number, coat: Coat, rest: Partial<Build> & Pick<Build, 'head'>): Build {
  return {
    shoulder: height,
    rump: height * 0.98,
    length: height * 1.5,
    depth: height * 0.46,
    tuck: height * 0.1,
    neck: { length: height * 0.36, up: 26, down: -22, width: height * 0.27 },
    legs: [height * 0.24, height * 0.125, height * 0.125],
    feet: 'paws',
    tail: { length: height * 0.82, width: height * 0.07, droop: 52 },
    coat,
    ...rest,
  };
}

/** Measures shared by dogs and their like of the shoulder height given. */
function dog(height: number, coat: Coat, rest: Partial<Build> & Pick<Build, 'head'>): Build {
  return {
    shoulder: height,
    rump: height * 0.98,
    length: height * 1.3,
    depth: height * 0.44,
    tuck: height * 0.11,
    neck: { length: height * 0.42, up: 40, down: -28, width: height * 0.24 },
    legs: [height * 0.2, height * 0.09, height * 0.085],
    feet: 'paws',
    tail: { length: height * 0.55, width: height * 0.13, droop: 66 },
    coat,
    ...rest,
  };
}

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
function mane(shape: Shape, outer: string, inner: string): string {
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

export const genet = quadruped(
  cat(
    20,
    { ...sand, back: '#8c7d68', flank: '#a3947c', belly: '#c4b69c', legs: '#8c7c66' },
    {
      length: 48,
      depth: 11,
      tuck: 1,
      neck: { length: 11, up: 18, down: -18, width: 7 },
      head: { length: 12, up: 12, down: 28, ...pointedFace({ ear: pointed(0.4), depth: 0.9 }) },
      pattern: spots({ size: 1.3, colour: '#2a211a', spacing: 4.2, legs: false }),
      tail: { length: 46, width: 5, droop: 22, tuft: { length: 6, width: 5, colour: '#2a211a' } },
    },
  ),
);

export const civet = quadruped(
  cat(
    40,
    { ...sand, back: '#504a43', flank: '#857b6e', belly: '#5a5249', legs: '#2f2a26', muzzle: '#d6cdbe' },
    {
      length: 74,
      rump: 44,
      depth: 21,
      tuck: 2,
      neck: { length: 17, up: 8, down: -22, width: 13 },
      head: {
        length: 18,
        up: 18,
        down: 34,
        ...pointedFace({
          ear: round(0.2),
          marks: () => `<ellipse cx="0.42" cy="0.0" rx="0.16" ry="0.12" fill="#221d19"/>`,
        }),
      },
      pattern: spots({ size: 2.1, colour: '#221d19', spacing: 6, legs: false }),
      tail: { length: 40, width: 7, droop: 58, tuft: { length: 8, width: 7, colour: '#221d19' } },
    },
  ),
);

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

export const jackal = quadruped(
  dog(
    42,
    { ...sand, back: '#4a443d', flank: '#b08a57', belly: '#e0d0b2', legs: '#b98f5b', muzzle: '#a3784a' },
    {
      head: { length: 19, up: 20, down: 40, ...pointedFace({ ear: pointed(0.5), depth: 0.85 }) },
      tail: { length: 28, width: 8, droop: 66, tuft: { length: 7, width: 7, colour: '#221c18' } },
    },
  ),
);

export const batearedfox = quadruped(
  dog(
    34,
    { ...sand, back: '#7b7163', flank: '#948a79', belly: '#b8ab94', legs: '#29231f', muzzle: '#3a322b' },
    {
      head: {
        length: 15,
        up: 18,
        down: 40,
        ...pointedFace({
          ear: { length: 0.85, width: 0.55, angle: 98, at: [0.06, -0.18], inside: '#221c18' },
          depth: 0.85,
        }),
      },
      tail: { length: 28, width: 9, droop: 52, tuft: { length: 7, width: 8, colour: '#1d1815' } },
    },
  ),
);

export const mongoose = quadruped(
  cat(
    18,
    { ...sand, back: '#6a5a48', flank: '#7f6d57', belly: '#8c7a62', legs: '#57493a', muzzle: '#8a6a4c' },
    {
      length: 38,
      depth: 10,
      tuck: 1,
      neck: { length: 8, up: 20, down: -20, width: 7 },
      head: { length: 10, up: 12, down: 30, ...pointedFace({ ear: round(0.18), depth: 0.9 }) },
      pattern: uprightStripes({ colour: '#3f3428', count: 9, width: 1.1 }),
      tail: { length: 26, width: 4, droop: 28 },
    },
  ),
);

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
