import type { Random } from '../../random';
import { darker, lighter } from '../colour';
import { limb, placed, smooth, type Point } from '../path';
import type { Animal } from './animal';
import { fine, longFace, pointedFace } from './heads';
import { line, quadruped, type Coat, type Shape } from './quadruped';

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

/** A moth, a beetle or a spider close to the lens, or a web's owner in front of it. */
export const insectspider: Animal = (posture, random) => {
  const colour = random.pick(['#2b211a', '#4a3a26', '#3a2a20', '#6b5c48']);
  const beat = Math.sin(2 * Math.PI * posture.stride);
  const spider = random.chance(0.5);
  const limbs: string[] = [];
  for (let index = 0; index < (spider ? 4 : 3); index++) {
    const x = 2.2 - index * 1.7;
    for (const side of [-1, 1]) {
      const knee: Point = [x + (1.2 - index * 0.9), -4 + side * (3.4 + beat * 0.3)];
      limbs.push(line([[x * 0.5, -4], knee, [knee[0] + 1 - index * 0.8, -4 + side * 5.6]], colour, 0.5));
    }
  }
  const wings = spider
    ? ''
    : [-1, 1]
        .map(
          (side) =>
            `<path d="${smooth([
              [0.6, -4],
              [1.6, -4 + side * 5.5],
              [-4, -4 + side * (5 + beat)],
              [-5, -4 + side * 1.6],
            ])}" fill="${lighter(colour, 0.35)}" opacity="0.75"/>`,
        )
        .join('');
  return {
    elements:
      limbs.join('') +
      wings +
      `<ellipse cx="-1.8" cy="-4" rx="3" ry="${spider ? 2.3 : 1.5}" fill="${colour}"/><ellipse cx="1.7" cy="-4" rx="1.6" ry="1.3" fill="${darker(colour, 0.2)}"/>`,
    box: { x: -9, y: -13, width: 18, height: 18 },
  };
};

/** On the wing. */
export const bat: Animal = (posture) => {
  const beat = Math.sin(2 * Math.PI * posture.stride) * 7;
  const wing = (side: number, colour: string): string =>
    `<path d="${smooth([
      [2, -12],
      [side * 9, -17 - beat],
      [side * 20, -12 - beat],
      [side * 15, -8 - beat * 0.4],
      [side * 9, -7],
      [side * 4, -8],
    ])}" fill="${colour}"/>`;
  return {
    elements:
      wing(-1, '#3a302a') +
      wing(1, '#453932') +
      `<ellipse cx="1" cy="-11" rx="4.4" ry="2.8" fill="#2c2420"/>` +
      `<path d="${smooth([
        [4, -13],
        [8, -13],
        [9, -11],
        [6, -9.4],
        [4, -10],
      ])}" fill="#2c2420"/>` +
      `<path d="M4.6 -13L5 -17L6.4 -13.2Z" fill="#2c2420"/><circle cx="7" cy="-11.6" r="0.5" fill="#efe9de"/>`,
    box: { x: -22, y: -26, width: 44, height: 26 },
  };
};

/** A tortoise or a monitor lizard. */
export const reptiles: Animal = (posture, random) =>
  random.chance(0.5) ? tortoise(posture, random) : lizard(posture, random);

const tortoise: Animal = (posture) => {
  const step = Math.cos(2 * Math.PI * posture.stride) * 3 * posture.pace;
  const shell = smooth([
    [-20, -6],
    [-18, -16],
    [-8, -24],
    [6, -24],
    [17, -16],
    [20, -7],
    [0, -4],
  ]);
  const scutes = [-11, 0, 11]
    .map(
      (x) =>
        `<path d="${smooth([
          [x - 4.5, -9],
          [x - 3.5, -18 + Math.abs(x) * 0.25],
          [x + 3.5, -18 + Math.abs(x) * 0.25],
          [x + 4.5, -9],
        ])}" fill="#3b3020" stroke="#b99c5c" stroke-width="0.9"/>`,
    )
    .join('');
  return {
    elements:
      line(
        [
          [-13, -7],
          [-14 - step, 0],
        ],
        '#5d5240',
        7,
      ) +
      line(
        [
          [13, -7],
          [15 + step, 0],
        ],
        '#5d5240',
        7,
      ) +
      `<path d="${limb(
        [
          [17, -9],
          [24, -12],
          [28, -13],
        ],
        [7, 6, 7],
      )}" fill="#6d614c"/><circle cx="29" cy="-14" r="0.9" fill="#14100c"/>` +
      `<path d="${shell}" fill="#8a713f"/>${scutes}`,
    box: { x: -26, y: -28, width: 62, height: 31 },
  };
};

const lizard: Animal = (posture, random) => {
  const wave = Math.sin(2 * Math.PI * posture.stride) * 2.5;
  const centre: Point[] = [
    [42, -9],
    [32, -9],
    [18, -8],
    [0, -8],
    [-16, -7],
    [-38, -4 + wave],
    [-66, -2 - wave],
  ];
  const spotsOf = Array.from({ length: 26 }, () => {
    const x = random.between(-20, 34);
    return `<circle cx="${x.toFixed(1)}" cy="${(-8 + random.between(-3, 2)).toFixed(1)}" r="0.9" fill="#b9ab7a"/>`;
  });
  const legs = placed(
    [
      [20, -6],
      [-8, -6],
    ],
    { x: 0, y: 0 },
  )
    .map(([x, y], index) =>
      line(
        [
          [x, y],
          [x + 6 - index * 10, -4 + wave * 0.4],
          [x + 4 - index * 4, 0],
        ],
        '#4c4533',
        3,
      ),
    )
    .join('');
  return {
    elements:
      legs +
      `<path d="${limb(centre, [4, 7, 8, 11, 8, 4, 1])}" fill="#5d5540"/>${spotsOf.join('')}<circle cx="39" cy="-11" r="0.8" fill="#14100c"/>`,
    box: { x: -70, y: -18, width: 118, height: 21 },
  };
};
