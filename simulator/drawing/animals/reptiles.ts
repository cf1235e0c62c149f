import { limb, placed, type Point, smooth } from '../path';
import type { Animal } from './animal';
import { line } from './quadruped';

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
