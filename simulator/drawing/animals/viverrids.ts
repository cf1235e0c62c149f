import { cat, pointed, round, sand } from './cat';
import { pointedFace } from './heads';
import { spots, uprightStripes } from './patterns';
import { quadruped } from './quadruped';

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
