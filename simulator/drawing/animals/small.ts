import { darker, lighter } from '../colour';
import { area, limb, oval, points, stroke, type Point } from '../path';
import type { Animal } from './animal';

/** A moth, a beetle or a spider close to the lens, or a web's owner in front of it. */
export const insectspider: Animal = (posture, random) => {
  const colour = random.pick(['#2b211a', '#4a3a26', '#3a2a20', '#6b5c48']);
  const beat = Math.sin(2 * Math.PI * posture.stride);
  const spider = random.chance(0.5);
  const sides = [-1, 1] as const;
  const limbs = Array.from({ length: spider ? 4 : 3 }, (_, index) => {
    const x = 2.2 - index * 1.7;
    return sides.map((side) => {
      const knee: Point = [x + (1.2 - index * 0.9), -4 + side * (3.4 + beat * 0.3)];
      return stroke([[x * 0.5, -4], knee, [knee[0] + 1 - index * 0.8, -4 + side * 5.6]], colour, 0.5);
    });
  });
  const wings = sides.map((side) => {
    const outline: Point[] = [
      [0.6, -4],
      [1.6, -4 + side * 5.5],
      [-4, -4 + side * (5 + beat)],
      [-5, -4 + side * 1.6],
    ];
    return `<g opacity="0.75">${area(outline, lighter(colour, 0.35))}</g>`;
  });
  const body = oval(-1.8, -4, 3, spider ? 2.3 : 1.5, colour) + oval(1.7, -4, 1.6, 1.3, darker(colour, 0.2));
  return {
    elements: limbs.flat().join('') + (spider ? '' : wings.join('')) + body,
    box: { x: -9, y: -13, width: 18, height: 18 },
  };
};

/** On the wing. */
export const bat: Animal = (posture) => {
  const beat = Math.sin(2 * Math.PI * posture.stride) * 7;
  const wing = (side: number, colour: string): string => {
    const top: Point[] = [
      [2, -12],
      [side * 9, -17 - beat],
      [side * 20, -12 - beat],
    ];
    return area([...top, [side * 15, -8 - beat * 0.4], [side * 9, -7], [side * 4, -8]], colour);
  };
  return {
    elements:
      wing(-1, '#3a302a') +
      wing(1, '#453932') +
      oval(1, -11, 4.4, 2.8, '#2c2420') +
      area(points('4,-13 8,-13 9,-11 6,-9.4 4,-10'), '#2c2420') +
      area(points('4.6,-13 5,-17 6.4,-13.2'), '#2c2420') +
      oval(7, -11.6, 0.5, 0.5, '#efe9de'),
    box: { x: -22, y: -26, width: 44, height: 26 },
  };
};

/** A tortoise or a monitor lizard. */
export const reptiles: Animal = (posture, random) =>
  random.chance(0.5) ? tortoise(posture, random) : lizard(posture, random);

const tortoise: Animal = (posture) => {
  const step = Math.cos(2 * Math.PI * posture.stride) * 3 * posture.pace;
  const scutes = [-11, 0, 11].map((x) => {
    const top = -18 + Math.abs(x) * 0.25;
    const outline = (grown: number): Point[] => [
      [x - 4.5 - grown, -9 + grown],
      [x - 3.5 - grown, top - grown],
      [x + 3.5 + grown, top - grown],
      [x + 4.5 + grown, -9 + grown],
    ];
    return area(outline(0.5), '#b99c5c') + area(outline(-0.4), '#3b3020');
  });
  return {
    elements:
      stroke(
        [
          [-13, -7],
          [-14 - step, 0],
        ],
        '#5d5240',
        7,
      ) +
      stroke(
        [
          [13, -7],
          [15 + step, 0],
        ],
        '#5d5240',
        7,
      ) +
      `<path d="${limb(points('17,-9 24,-12 28,-13'), [7, 6, 7])}" fill="#6d614c"/>` +
      oval(29, -14, 0.9, 0.9, '#14100c') +
      area(points('-20,-6 -18,-16 -8,-24 6,-24 17,-16 20,-7 0,-4'), '#8a713f') +
      scutes.join(''),
    box: { x: -26, y: -28, width: 62, height: 31 },
  };
};

const lizard: Animal = (posture, random) => {
  const wave = Math.sin(2 * Math.PI * posture.stride) * 2.5;
  const centre: Point[] = [...points('42,-9 32,-9 18,-8 0,-8 -16,-7'), [-38, -4 + wave], [-66, -2 - wave]];
  const spots = Array.from({ length: 26 }, () =>
    oval(random.between(-20, 34), -8 + random.between(-3, 2), 0.9, 0.9, '#b9ab7a'),
  );
  const legs = [20, -8].map((x, index) =>
    stroke(
      [
        [x, -6],
        [x + 6 - index * 10, -4 + wave * 0.4],
        [x + 4 - index * 4, 0],
      ],
      '#4c4533',
      3,
    ),
  );
  return {
    elements:
      legs.join('') +
      `<path d="${limb(centre, [4, 7, 8, 11, 8, 4, 1])}" fill="#5d5540"/>` +
      spots.join('') +
      oval(39, -11, 0.8, 0.8, '#14100c'),
    box: { x: -70, y: -18, width: 118, height: 21 },
  };
};
