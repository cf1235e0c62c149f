import { lighter } from '../colour';
import { HORN, antelope, leaf, tan } from './antelope';
import { longFace } from './heads';
import { spikes } from './horns';
import { quadruped } from './quadruped';

export const duiker = quadruped(
  antelope(
    50,
    { ...tan, back: '#8b7654', flank: '#9c8663', belly: '#d9cfbb', legs: '#6f5a40' },
    {
      rump: 54,
      neck: { length: 20, up: 38, down: -36, width: 11 },
      head: {
        length: 19,
        up: 36,
        down: 58,
        ...longFace({ ear: leaf(0.5, 130), horns: () => spikes(0.5, 0.1).near(HORN) }),
      },
    },
  ),
);

export const steenbok = quadruped(
  antelope(
    52,
    { ...tan, back: '#b0683a', flank: '#c07a49', belly: '#f1e9db', legs: '#c48753' },
    {
      head: {
        length: 18,
        up: 34,
        down: 60,
        ...longFace({ ear: { ...leaf(0.75, 122), inside: '#e9ddcb' }, horns: () => spikes(0.7, 0.09).near(HORN) }),
      },
      tail: { length: 6, width: 4, droop: 60 },
    },
  ),
);

export const dikdik = quadruped(
  antelope(
    38,
    { ...tan, back: '#8d7a61', flank: '#a08a6c', belly: '#e3dac9', legs: '#b08a5b' },
    {
      head: {
        length: 15,
        up: 26,
        down: 54,
        ...longFace({
          depth: 1.1,
          muzzle: 0.7,
          ear: { ...leaf(0.6, 125), inside: '#ddd2c0' },
          horns: () => spikes(0.45, 0.1).near(HORN),
          marks: (coat) =>
            `<circle cx="0.36" cy="-0.05" r="0.09" fill="${lighter(coat.belly, 0.3)}"/><circle cx="0.37" cy="-0.05" r="0.05" fill="#15100c"/>`,
        }),
      },
      tail: { length: 4, width: 3, droop: 60 },
    },
  ),
);
