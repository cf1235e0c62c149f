import { darker, lighter, mix } from '../colour';
import { smooth, type Point } from '../path';
import { ear, fine, longFace, type Ear } from './heads';
import { boss, bow, bracket, lyre, sickle, spikes, twisted } from './horns';
import { blotches, giraffePatches, layered, sideBand, uprightStripes, zebraLegs, zebraStripes } from './patterns';
import { line, quadruped, type Build, type Coat, type Shape } from './quadruped';

const HORN = '#2b2520';

const leaf = (length: number, angle = 135): Ear => ({ length, width: length * 0.5, angle });

/** Measures shared by antelopes of the shoulder height given; the table overrides what sets a species apart. */
function antelope(height: number, coat: Coat, rest: Partial<Build> & Pick<Build, 'head'>): Build {
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

const tan: Coat = {
  back: '#a9753f',
  flank: '#bb8a52',
  belly: '#ece2cf',
  legs: '#c39a66',
  muzzle: '#6b4d33',
  dark: '#241c16',
};

export const zebra = quadruped({
  shoulder: 128,
  rump: 130,
  length: 150,
  depth: 62,
  tuck: 6,
  neck: { length: 72, up: 42, down: -32, width: 30 },
  head: {
    length: 58,
    up: 42,
    down: 62,
    ...longFace({
      depth: 1.05,
      ear: { length: 0.3, width: 0.15, angle: 105, inside: '#3a332e' },
      colour: () => '#ece7dd',
      marks: () =>
        [0, 0.13, 0.26, 0.39, 0.52, 0.64]
          .map((x) =>
            line(
              [
                [x + 0.02, -0.22],
                [x - 0.01, -0.02],
                [x - 0.05, 0.26],
              ],
              '#1d1a18',
              0.05,
            ),
          )
          .join(''),
    }),
  },
  legs: [24, 11, 8.5],
  feet: 'hooves',
  tail: { length: 42, width: 5, droop: 76, colour: '#d8d2c6', tuft: { length: 34, width: 11, colour: '#1d1a18' } },
  coat: { back: '#e9e4da', flank: '#efeae1', belly: '#f4f0e8', legs: '#e8e3d8', muzzle: '#2a2522', dark: '#1d1a18' },
  pattern: zebraStripes,
  behindHead: (shape) => zebraLegs(shape, false) + zebraMane(shape),
});

function zebraMane(shape: Shape): string {
  const [, poll] = shape.neckAxis;
  const { length, shoulder, depth, neck } = shape.build;
  const withers: Point = [length * 0.16, -(shoulder - depth * 0.06)];
  const size = Math.hypot(poll[0] - withers[0], poll[1] - withers[1]);
  const up: Point = [(poll[1] - withers[1]) / size, -(poll[0] - withers[0]) / size];
  const nape: Point = [poll[0] + up[0] * neck.width * 0.42, poll[1] + up[1] * neck.width * 0.42];
  const at = (share: number, height: number): Point => [
    withers[0] + (nape[0] - withers[0]) * share + up[0] * height,
    withers[1] + (nape[1] - withers[1]) * share + up[1] * height,
  ];
  const brush = smooth([at(0.04, -6), at(0.25, 9), at(0.6, 13), at(1, 13), at(1.08, 4), at(1, -8), at(0.5, -8)]);
  const stripes = Array.from({ length: 9 }, (_, index) => {
    const share = (index + 0.6) / 9;
    return line([at(share, -6), at(share, 6 + 6 * Math.min(1, share * 2))], '#1d1a18', size * 0.05);
  });
  return `<path d="${brush}" fill="#ece7dd"/>${stripes.join('')}`;
}

export const giraffe = quadruped({
  shoulder: 285,
  rump: 245,
  length: 190,
  depth: 105,
  tuck: 12,
  neck: { length: 215, up: 66, down: 10, width: 34 },
  head: {
    length: 66,
    up: 28,
    down: 42,
    ...longFace({
      depth: 0.95,
      muzzle: 0.95,
      ear: { length: 0.3, width: 0.15, angle: 160 },
      colour: (coat) => mix(coat.flank, '#8a5a2b', 0.35),
      horns: () => ossicone(0.06),
      farHorns: () => ossicone(0.17),
    }),
  },
  legs: [38, 17, 13],
  feet: 'hooves',
  tail: { length: 75, width: 6, droop: 82, tuft: { length: 55, width: 14, colour: '#241b14' } },
  coat: { back: '#e3c896', flank: '#ead4a8', belly: '#efe0c0', legs: '#eadbb9', muzzle: '#b08d66', dark: '#40352a' },
  pattern: giraffePatches,
  behindHead: giraffeMane,
});

function ossicone(x: number): string {
  return (
    `<path d="${fine([
      [x, -0.12],
      [x - 0.06, -0.36],
      [x + 0.02, -0.38],
      [x + 0.08, -0.14],
    ])}" fill="#9c7040"/>` + `<circle cx="${x - 0.02}" cy="-0.37" r="0.052" fill="#2c2119"/>`
  );
}

function giraffeMane(shape: Shape): string {
  const [, poll] = shape.neckAxis;
  const withers: Point = [shape.build.length * 0.22, -shape.build.shoulder - 2];
  return line(
    [withers, [(withers[0] + poll[0]) / 2 - 12, (withers[1] + poll[1]) / 2 - 4], [poll[0] - 17, poll[1] + 4]],
    '#8a5a2b',
    11,
  );
}

export const wildebeest = quadruped({
  shoulder: 132,
  rump: 116,
  length: 150,
  depth: 66,
  tuck: 12,
  neck: { length: 55, up: 22, down: -30, width: 34 },
  head: {
    length: 62,
    up: 56,
    down: 72,
    ...longFace({
      depth: 0.85,
      muzzle: 1.2,
      ear: { length: 0.28, width: 0.12, angle: 190, at: [0.02, -0.06] },
      horns: () => bow(0.34, 0.11).near(HORN),
      farHorns: () => bow(0.34, 0.11).far('#191512'),
      colour: () => '#38312d',
    }),
  },
  legs: [25, 11, 8.5],
  feet: 'hooves',
  tail: { length: 48, width: 6, droop: 78, tuft: { length: 48, width: 16, colour: '#1b1715' } },
  coat: { back: '#5d544d', flank: '#6f665e', belly: '#5a5049', legs: '#75624f', muzzle: '#1f1a18', dark: '#1b1715' },
  pattern: layered(uprightStripes({ colour: '#463e39', count: 8, width: 4, reach: 0.8 })),
  behindHead: wildebeestHair,
});

function wildebeestHair(shape: Shape): string {
  const [base, poll] = shape.neckAxis;
  const { shoulder, length } = shape.build;
  const mane: Point[] = [
    [length * 0.16, -shoulder + 2],
    [(base[0] + poll[0]) / 2 - 4, Math.min(poll[1], -shoulder) - 8],
    [poll[0] + 6, poll[1] - 14],
    [poll[0], poll[1] + 6],
    [base[0], base[1]],
  ];
  const beard: Point[] = [
    [poll[0] + 8, poll[1] + 8],
    [poll[0] + 20, poll[1] + 34],
    [poll[0] - 2, poll[1] + 42],
    [base[0] + 8, base[1] + 34],
    [base[0], base[1] + 10],
  ];
  return `<path d="${smooth(mane)}" fill="#1d1917"/><path d="${smooth(beard)}" fill="#8d8173"/>`;
}

export const buffalo = quadruped({
  shoulder: 152,
  rump: 144,
  length: 205,
  depth: 92,
  tuck: 6,
  neck: { length: 62, up: 18, down: -30, width: 52 },
  head: {
    length: 66,
    up: 42,
    down: 64,
    ...longFace({
      depth: 1.2,
      muzzle: 1.45,
      ear: { length: 0.42, width: 0.2, angle: 215, at: [-0.02, 0.04] },
      horns: () => boss().near('#8d8375'),
      farHorns: () => boss().far('#6d6459'),
    }),
  },
  legs: [38, 18, 15],
  feet: 'hooves',
  tail: { length: 75, width: 6, droop: 84, tuft: { length: 28, width: 12, colour: '#191614' } },
  coat: { back: '#37302b', flank: '#463d37', belly: '#3a332e', legs: '#352e2a', muzzle: '#1f1a17', dark: '#151210' },
});

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

function dewlap(shape: Shape, colour: string): string {
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

export const cattle = quadruped({
  shoulder: 132,
  rump: 130,
  length: 190,
  depth: 78,
  tuck: 4,
  neck: { length: 60, up: 24, down: -32, width: 36 },
  head: {
    length: 56,
    up: 40,
    down: 64,
    ...longFace({
      depth: 1.05,
      muzzle: 1.3,
      ear: { length: 0.4, width: 0.18, angle: 190, at: [0.02, -0.02] },
      horns: () => bow(0.5, 0.1).near('#c9bda6'),
      farHorns: () => bow(0.5, 0.1).far('#a79c88'),
      colour: () => '#e6dfd2',
    }),
  },
  legs: [32, 15, 12],
  feet: 'hooves',
  tail: { length: 82, width: 5, droop: 86, tuft: { length: 22, width: 9, colour: '#3c2a1e' } },
  coat: { back: '#e5ded1', flank: '#ebe5da', belly: '#e3dbcd', legs: '#e0d8ca', muzzle: '#c9a896', dark: '#3a2e25' },
  pattern: blotches('#6e3a20', [
    [0.3, 0.25, 0.2, 0.36],
    [-0.12, 0.6, 0.16, 0.3],
    [-0.42, 0.2, 0.14, 0.36],
  ]),
  behindHead: (shape) => dewlap(shape, '#ddd5c7'),
});

export const warthog = quadruped({
  shoulder: 70,
  rump: 64,
  length: 105,
  depth: 42,
  tuck: 2,
  neck: { length: 18, up: 4, down: -30, width: 30 },
  head: {
    length: 46,
    up: 24,
    down: 46,
    draw: (coat) => warthogHead(coat),
    drawFar: (coat) => ear({ length: 0.26, width: 0.18, angle: 105, at: [0.08, -0.2] }, darker(coat.flank, 0.35), 0.06),
  },
  legs: [16, 8.5, 7],
  feet: 'hooves',
  // A running warthog's tail stands up like an aerial.
  tail: { length: 40, width: 3, droop: -78, tuft: { length: 12, width: 6, colour: '#2a221d' } },
  coat: { back: '#4f4238', flank: '#75655a', belly: '#7d6c60', legs: '#67584d', muzzle: '#5d4d44', dark: '#241e1a' },
  behindHead: warthogMane,
});

function warthogHead(coat: Coat): string {
  const outline: Point[] = [
    [-0.15, -0.3],
    [0.15, -0.3],
    [0.45, -0.2],
    [0.8, -0.18],
    [1.0, -0.16],
    [1.04, 0.08],
    [0.9, 0.16],
    [0.6, 0.22],
    [0.35, 0.36],
    [-0.05, 0.36],
  ];
  const tusk: Point[] = [
    [0.72, 0.1],
    [0.84, 0.16],
    [0.92, 0.0],
    [0.86, -0.24],
    [0.79, -0.34],
    [0.82, -0.12],
    [0.78, 0.0],
  ];
  return [
    `<path d="${fine(outline)}" fill="${coat.flank}"/>`,
    `<path d="${fine([
      [0.94, -0.17],
      [1.04, -0.14],
      [1.06, 0.08],
      [0.95, 0.14],
    ])}" fill="${coat.muzzle}"/>`,
    `<ellipse cx="0.45" cy="0.06" rx="0.07" ry="0.06" fill="${darker(coat.flank, 0.25)}"/>`,
    `<ellipse cx="0.66" cy="-0.14" rx="0.05" ry="0.05" fill="${darker(coat.flank, 0.25)}"/>`,
    line(
      [
        [-0.02, 0.3],
        [0.2, 0.36],
        [0.4, 0.3],
      ],
      '#c9bfb0',
      0.07,
    ),
    `<path d="${fine(tusk)}" fill="#efe8d8"/>`,
    `<circle cx="0.3" cy="-0.19" r="0.035" fill="#15100c"/>`,
    ear({ length: 0.26, width: 0.18, angle: 118, at: [0.0, -0.24] }, coat.back, 0),
  ].join('');
}

function warthogMane(shape: Shape): string {
  const { shoulder, rump, length } = shape.build;
  const crest: Point[] = [
    [shape.poll[0] + 4, shape.poll[1] - 12],
    [length * 0.2, -shoulder - 9],
    [-length * 0.15, -(shoulder + rump) / 2 - 4],
    [-length * 0.3, -rump],
    [0, -shoulder + 10],
    [shape.poll[0], shape.poll[1] + 4],
  ];
  return `<path d="${smooth(crest)}" fill="#3a2f27"/>`;
}
