import { type Point, smooth } from '../path';
import { HORN, antelope, leaf, tan } from './antelope';
import { fine, longFace } from './heads';
import { bracket, lyre, sickle, twisted } from './horns';
import { blotches, layered, uprightStripes } from './patterns';
import { quadruped, type Shape } from './quadruped';

export const hartebeest = quadruped(
  antelope(
    125,
    { ...tan, back: '#a5713c', flank: '#b98850', belly: '#d8bd93', legs: '#b58a57' },
    {
      rump: 108,
      head: {
        length: 50,
        up: 50,
        down: 70,
        ...longFace({
          depth: 0.75,
          muzzle: 0.75,
          ear: leaf(0.34, 150),
          horns: () => bracket(0.5).near(HORN),
          farHorns: () => bracket(0.5).far('#1a1613'),
        }),
      },
      neck: { length: 62, up: 52, down: -36, width: 22 },
      tail: { length: 36, width: 5, droop: 78, tuft: { length: 16, width: 8, colour: '#1b1613' } },
    },
  ),
);

export const topi = quadruped(
  antelope(
    118,
    { ...tan, back: '#7a3f20', flank: '#8a4a27', belly: '#8e5a38', legs: '#a8713d', muzzle: '#1f1714' },
    {
      rump: 106,
      head: {
        length: 46,
        up: 48,
        down: 70,
        ...longFace({
          depth: 0.78,
          muzzle: 0.8,
          ear: leaf(0.34, 150),
          horns: () => lyre(0.75, 0.1).near(HORN),
          farHorns: () => lyre(0.75, 0.1).far('#1a1613'),
          marks: () =>
            `<path d="${fine([
              [0.2, -0.18],
              [0.6, -0.12],
              [0.95, -0.06],
              [0.7, 0.02],
              [0.3, -0.02],
            ])}" fill="#241814"/>`,
        }),
      },
      tail: { length: 34, width: 5, droop: 78, tuft: { length: 14, width: 7, colour: '#1b1613' } },
      pattern: blotches('#352a33', [
        [-0.4, 0.55, 0.16, 0.5],
        [0.32, 0.78, 0.11, 0.4],
      ]),
    },
  ),
);

export const eland = quadruped(
  antelope(
    160,
    { ...tan, back: '#b8915f', flank: '#c5a172', belly: '#cfb389', legs: '#b08a5c' },
    {
      length: 205,
      depth: 84,
      neck: { length: 78, up: 42, down: -34, width: 38 },
      head: {
        length: 52,
        up: 38,
        down: 62,
        ...longFace({
          ear: leaf(0.42, 145),
          horns: () => twisted(1.2).near('#4a3c30'),
          farHorns: () => twisted(1.2).far('#332a22'),
        }),
      },
      legs: [34, 14, 11],
      tail: { length: 62, width: 6, droop: 82, tuft: { length: 20, width: 9, colour: '#1f1814' } },
      pattern: uprightStripes({ colour: '#e6d7bb', count: 9, width: 1.8, reach: 0.85 }),
      behindHead: (shape) => dewlap(shape, '#b8946a'),
    },
  ),
);

export function dewlap(shape: Shape, colour: string): string {
  const [base, poll] = shape.neckAxis;
  const fold: Point[] = [
    [poll[0] - 4, poll[1] + 18],
    [poll[0] - 6, poll[1] + 44],
    [base[0] + 22, base[1] + 46],
    [base[0] + 6, base[1] + 34],
    [base[0], base[1]],
  ];
  return `<path d="${smooth(fold)}" fill="${colour}"/>`;
}

export const waterbuck = quadruped(
  antelope(
    122,
    { ...tan, back: '#6a5746', flank: '#7b6855', belly: '#8c7a66', legs: '#4c3e32', muzzle: '#3a3029' },
    {
      length: 150,
      head: {
        length: 42,
        up: 36,
        down: 62,
        ...longFace({
          ear: { ...leaf(0.4, 140), inside: '#eee7da' },
          horns: () => sickle(1.5, 0.12).near(HORN),
          farHorns: () => sickle(1.5, 0.12).far('#1a1613'),
        }),
      },
      legs: [22, 11, 8.5],
      pattern: blotches('#efe9de', [[-0.5, 0.3, 0.07, 0.32]]),
    },
  ),
);

export const reedbuck = quadruped(
  antelope(
    78,
    { ...tan, back: '#a58558', flank: '#b6986b', belly: '#ece5d6', legs: '#b59a70' },
    {
      head: {
        length: 26,
        up: 34,
        down: 60,
        ...longFace({
          ear: leaf(0.55, 128),
          horns: () => sickle(0.9, 0.11).near(HORN),
          farHorns: () => sickle(0.9, 0.11).far('#1a1613'),
        }),
      },
      tail: { length: 24, width: 9, droop: 62, colour: '#d8ccb4' },
    },
  ),
);

export const bushbuck = quadruped(
  antelope(
    76,
    { ...tan, back: '#6e3d22', flank: '#84502e', belly: '#5f3c26', legs: '#7a5133' },
    {
      rump: 82,
      head: {
        length: 27,
        up: 34,
        down: 60,
        ...longFace({
          ear: leaf(0.55, 130),
          horns: () => twisted(0.95).near(HORN),
          farHorns: () => twisted(0.95).far('#1a1613'),
        }),
      },
      pattern: layered(
        uprightStripes({ colour: '#e9dcc6', count: 6, width: 1.5, reach: 0.7 }),
        blotches('#e9dcc6', [
          [-0.32, 0.5, 0.014, 0.03],
          [-0.38, 0.6, 0.014, 0.03],
          [-0.28, 0.66, 0.014, 0.03],
          [-0.42, 0.44, 0.014, 0.03],
        ]),
      ),
    },
  ),
);
