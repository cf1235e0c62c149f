import { darker, lighter } from '../colour';
import { area, limb, oval, placed, points, stroke, type Point } from '../path';
import type { Animal, Posture } from './animal';

const HIDE = '#756e69';
const TRUNK = points(
  '-162,-190 -150,-240 -90,-282 -10,-290 60,-268 112,-282 130,-210 112,-130 60,-98 -20,-92 -90,-100 -140,-124',
);
const SKULL = points(
  '84,-262 112,-306 150,-312 180,-288 196,-244 206,-200 192,-168 160,-160 150,-178 120,-186 90,-216',
);
const EAR = points('128,-268 94,-290 44,-282 18,-236 26,-180 56,-142 88,-150 104,-190 124,-222');
/** From its root. */
const TUSK = points('0,0 22,24 52,37 80,32 94,18');
const WRINKLES = ['-120,-200 -100,-170 -104,-140', '-20,-110 30,-118 70,-112', '-138,-160 -120,-140'].map(points);

/** Shoulder height three metres: drawn by hand, since nothing else is built like it. */
export const elephant: Animal = (posture, random) => {
  const tusk = random.between(0.75, 1.25);
  const swing = Math.sin(2 * Math.PI * posture.stride) * 6;
  const far = darker(HIDE, 0.32);
  const ear = EAR.map(([x, y]): Point => [x - swing * 0.4, y]);
  return {
    elements: [
      '<defs><linearGradient id="hide" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="-310" y2="0">' +
        `<stop offset="0" stop-color="${lighter(HIDE, 0.1)}"/><stop offset="0.55" stop-color="${HIDE}"/>` +
        `<stop offset="1" stop-color="${darker(HIDE, 0.25)}"/></linearGradient></defs>`,
      pillar(66, 0.75, posture, far),
      pillar(-96, 0.25, posture, far),
      stroke(points('-160,-212 -176,-170 -174,-120'), darker(HIDE, 0.25), 9),
      stroke(points('-174,-122 -176,-98'), '#2a2523', 13),
      tuskAt(tusk, 177, -188, '#d9d0bd'),
      area(TRUNK, 'url(#hide)'),
      pillar(92, 0.25, posture, 'url(#hide)'),
      pillar(-118, 0, posture, 'url(#hide)'),
      area(SKULL, 'url(#hide)'),
      proboscis(posture.head, swing),
      tuskAt(tusk, 170, -184, '#f1eadb'),
      area(ear, darker(HIDE, 0.12)),
      stroke([...ear, ear[0]!], darker(HIDE, 0.4), 3),
      stroke(points('60,-262 52,-220 66,-178'), darker(HIDE, 0.28), 2.5),
      oval(163, -243, 5, 5, '#17120f'),
      stroke(points('154,-251 164,-254 172,-249'), darker(HIDE, 0.35), 2.5),
      ...WRINKLES.map((line) => stroke(line, darker(HIDE, 0.18), 1.8)),
    ].join(''),
    box: { x: -190, y: -330, width: 495, height: 334 },
  };
};

/** Bows forwards and up; old animals have long ones. */
function tuskAt(length: number, x: number, y: number, colour: string): string {
  return `<path d="${limb(placed(TUSK, { x, y, scale: length }), [14, 13, 11, 8, 0])}" fill="${colour}"/>`;
}

function proboscis(head: number, swing: number): string {
  const curl = (1 - head) * 26;
  const centre: Point[] = [
    [166, -240],
    [196, -186],
    [210 + swing * 0.3, -122],
    [206 + swing, -62],
    [206 + swing * 1.6 + curl * 0.4, -26 + curl * 0.1],
    [220 + swing * 1.6 + curl, -10 - curl * 0.5],
  ];
  const folds = [0.2, 0.35, 0.5, 0.65].map((share) => {
    const y = -200 + share * 190;
    const fold: Point[] = [
      [192 + share * 10, y],
      [206 + share * 8, y + 4],
      [218, y - 2],
    ];
    return stroke(fold, darker(HIDE, 0.22), 1.8);
  });
  return `<path d="${limb(centre, [52, 52, 38, 28, 21, 15])}" fill="url(#hide)"/>${folds.join('')}`;
}

function pillar(x: number, offset: number, posture: Posture, fill: string): string {
  const turn = 2 * Math.PI * (posture.stride + offset);
  const reach = Math.cos(turn) * 24 * posture.pace;
  const lift = Math.max(0, -Math.sin(turn)) * 12 * posture.pace;
  const foot: Point = [x + reach, -lift];
  const centre: Point[] = [[x, -175], [x + reach * 0.3, -100], [x + reach * 0.7 - lift * 0.5, -48], foot];
  const nails = [10, 18, 25].map((dx) => oval(foot[0] + dx, foot[1] - 4, 3.4, 4, '#b3a99c')).join('');
  return `<path d="${limb(centre, [84, 62, 50, 56])}" fill="${fill}"/>${nails}`;
}
