import { pointed, sand } from './cat';
import { pointedFace } from './heads';
import { type Build, type Coat, quadruped } from './quadruped';

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
