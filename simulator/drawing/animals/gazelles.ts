import { HORN, antelope, leaf, tan } from './antelope';
import { longFace } from './heads';
import { lyre, spikes } from './horns';
import { blotches, layered, sideBand } from './patterns';
import { line, quadruped } from './quadruped';

export const gazellethomsons = quadruped(
  antelope(
    64,
    { ...tan, back: '#b07a42', flank: '#c18a4e', belly: '#f4efe4', legs: '#cda775' },
    {
      head: {
        length: 21,
        up: 34,
        down: 60,
        ...longFace({
          ear: leaf(0.5, 128),
          horns: () => spikes(1.25, 0.11).near(HORN),
          farHorns: () => spikes(1.25, 0.11).far('#1a1613'),
          marks: () =>
            line(
              [
                [0.34, -0.03],
                [0.75, 0.02],
              ],
              '#2c211a',
              0.06,
            ) +
            line(
              [
                [0.3, -0.14],
                [0.8, -0.08],
              ],
              '#efe6d5',
              0.05,
            ),
        }),
      },
      tail: { length: 17, width: 4.5, droop: 66, colour: '#1d1815' },
      pattern: layered(sideBand('#f6f1e7', 0.66, 1.05), sideBand('#1f1915', 0.46, 0.7)),
    },
  ),
);

export const gazellegrants = quadruped(
  antelope(
    88,
    { ...tan, back: '#b98a58', flank: '#c89b69', belly: '#f3ede1', legs: '#d3b184' },
    {
      head: {
        length: 27,
        reach: 2.3,
        up: 34,
        down: 60,
        ...longFace({
          ear: leaf(0.45, 130),
          horns: () => lyre(2, 0.12).near(HORN),
          farHorns: () => lyre(2, 0.12).far('#1a1613'),
          marks: () =>
            line(
              [
                [0.34, -0.03],
                [0.75, 0.02],
              ],
              '#5a3d26',
              0.05,
            ),
        }),
      },
      pattern: layered(sideBand('#f6f1e7', 0.72, 1.05), blotches('#f6f1e7', [[-0.5, 0.3, 0.1, 0.28]])),
    },
  ),
);

export const impala = quadruped(
  antelope(
    90,
    { ...tan, back: '#9a5a2e', flank: '#b67944', belly: '#f0e6d6', legs: '#bd8854' },
    {
      head: {
        length: 28,
        reach: 2,
        up: 34,
        down: 60,
        ...longFace({
          ear: { ...leaf(0.52, 120), inside: '#e8dcc8' },
          horns: () => lyre(1.75, 0.1).near(HORN),
          farHorns: () => lyre(1.75, 0.1).far('#1a1613'),
        }),
      },
      pattern: layered(sideBand('#f2e9da', 0.82, 1.05), blotches('#1f1915', [[-0.52, 0.45, 0.025, 0.26]])),
    },
  ),
);
