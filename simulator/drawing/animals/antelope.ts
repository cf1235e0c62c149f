import type { Ear } from './heads';
import type { Build, Coat } from './quadruped';

export const HORN = '#2b2520';

export const leaf = (length: number, angle = 135): Ear => ({ length, width: length * 0.5, angle });

/** Measures shared by antelopes of the shoulder height given; the table overrides what sets a species apart. */
export function antelope(height: number, coat: Coat, rest: Partial<Build> & Pick<Build, 'head'>): Build {
  return {
    shoulder: height,
    rump: height * 1.02,
    length: height * 1.15,
    depth: height * 0.44,
    tuck: height * 0.08,
    neck: { length: height * 0.5, up: 55, down: -38, width: height * 0.16 },
    legs: [height * 0.16, height * 0.065, height * 0.048],
    feet: 'hooves',
    tail: { length: height * 0.22, width: height * 0.04, droop: 72 },
    coat,
    ...rest,
  };
}

export const tan: Coat = {
  back: '#a9753f',
  flank: '#bb8a52',
  belly: '#ece2cf',
  legs: '#c39a66',
  muzzle: '#6b4d33',
  dark: '#241c16',
};
