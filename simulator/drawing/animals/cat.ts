import type { Ear } from './heads';
import type { Build, Coat } from './quadruped';

export const round = (size: number, angle = 118): Ear => ({
  length: size,
  width: size * 0.95,
  angle,
  at: [0.02, -0.24],
});

export const pointed = (size: number, angle = 105): Ear => ({
  length: size,
  width: size * 0.55,
  angle,
  at: [0.06, -0.2],
});

export const sand: Coat = {
  back: '#b98f56',
  flank: '#c9a46c',
  belly: '#e6d6b6',
  legs: '#cdab76',
  muzzle: '#d9c19a',
  dark: '#2a1f17',
};

/** Measures shared by cats of the shoulder height given. */
export function cat(height: number, coat: Coat, rest: Partial<Build> & Pick<Build, 'head'>): Build {
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
