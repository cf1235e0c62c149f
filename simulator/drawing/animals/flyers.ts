import { darker, lighter } from '../colour';
import { type Point, smooth } from '../path';
import type { Animal } from './animal';
import { line } from './quadruped';

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
