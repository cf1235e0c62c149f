import { Random } from '../random';
import type { Site } from '../plan/sites';
import { darker, lighter, mix } from './colour';
import { smooth, type Point } from './path';
import { acacia, boulder, bush, grass, nearTrunk, termiteMound } from './plants';
import { renderSvg, type Sprite } from './raster';
import { View } from './view';

/** What a camera looks at, the same whenever it looks. */
export interface Landscape {
  readonly view: View;
  /** Everything that lies far off; transparent where the sky is. */
  readonly land: Sprite;
  /** Wider than the scene, to be shifted along. */
  readonly clouds: Sprite;
  /** What stands near enough to hide an animal, or to be hidden by it. */
  readonly props: readonly Prop[];
  readonly soil: Soil;
}

export interface Prop {
  readonly sprite: Sprite;
  readonly left: number;
  readonly top: number;
  /** Metres. */
  readonly distance: number;
  /** How far its top moves in the wind, as a share of its height. */
  readonly sway: number;
}

export interface Soil {
  readonly far: string;
  readonly near: string;
  readonly blades: readonly [string, string, string];
  readonly leaves: string;
  /** Height of the grass in centimetres. */
  readonly grass: number;
}

const SOILS: readonly Omit<Soil, 'grass'>[] = [
  { far: '#cdb983', near: '#ab9258', blades: ['#dcc992', '#8d7743', '#b9a166'], leaves: '#68713a' },
  { far: '#a9ae6d', near: '#768244', blades: ['#adb76b', '#56652f', '#8f9c52'], leaves: '#4f6a33' },
  { far: '#b9a988', near: '#8f7a5d', blades: ['#cdbb92', '#77644a', '#a8946e'], leaves: '#5f6b3c' },
  { far: '#b69468', near: '#94683f', blades: ['#c9a873', '#7a5a36', '#b08a56'], leaves: '#5e6f38' },
  { far: '#c3c08e', near: '#93995a', blades: ['#cfcf95', '#6c7440', '#a9ad6a'], leaves: '#577038' },
];

const GRASS_HEIGHTS = [6, 10, 14, 22, 34] as const;

/** Tufts that stand all over the ground where the vegetation is at its thickest. */
const TUFTS = 40;

export interface LandscapeOptions {
  /** Size of the frame. */
  readonly width: number;
  readonly height: number;
  /** From 0, sparse, to 1, tall grass all over the ground. */
  readonly vegetation: number;
}

export async function drawLandscape(site: Site, { width, height, vegetation }: LandscapeOptions): Promise<Landscape> {
  const random = new Random(site.seed, 'landscape');
  const view = new View(width, height, random.between(0.34, 0.46));
  const soil: Soil = { ...random.pick(SOILS), grass: random.pick(GRASS_HEIGHTS) };
  const box = { x: 0, y: 0, width: view.width, height: view.height };
  const land = await renderSvg(landOf(view, soil, random), box, view.width, view.height);
  const clouds = await drawClouds(view, random);
  const props = await drawProps(view, soil, random);
  const tufts = await drawTufts(view, soil, Math.round(TUFTS * vegetation), new Random(site.seed, 'tufts'));
  return { view, land, clouds, props: [...props, ...tufts], soil };
}

function landOf(view: View, soil: Soil, random: Random): string {
  const { width, height, horizon } = view;
  return [
    `<defs><linearGradient id="ground" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="${soil.far}"/>` +
      `<stop offset="0.3" stop-color="${mix(soil.far, soil.near, 0.6)}"/><stop offset="1" stop-color="${soil.near}"/></linearGradient></defs>`,
    hills(view, random),
    `<rect x="0" y="${horizon}" width="${width}" height="${height - horizon}" fill="url(#ground)"/>`,
    treeLine(view, soil, random),
    unevenness(view, soil, random),
    random.chance(0.45) ? gameTrail(view, soil, random) : '',
    distantTrees(view, soil, random),
    tussocks(view, soil, random),
  ].join('');
}

function hills(view: View, random: Random): string {
  const { width, horizon } = view;
  const ridges = random.integer(1, 3);
  return Array.from({ length: ridges }, (_, ridge) => {
    const height = horizon * random.between(0.05, 0.2) * (1 - ridge * 0.25);
    const points: Point[] = [[-width * 0.1, horizon + 4]];
    for (let x = -0.05; x <= 1.1; x += random.between(0.1, 0.2)) {
      points.push([x * width, horizon - height * random.between(0.25, 1)]);
    }
    points.push([width * 1.1, horizon + 4]);
    return `<path d="${smooth(points)}" fill="${mix('#9fb0bd', '#7b8a7a', ridge / 3)}"/>`;
  }).join('');
}

/** A dark, broken line of trees and bushes where the plain ends. */
function treeLine(view: View, soil: Soil, random: Random): string {
  const { width, horizon } = view;
  const colour = mix(soil.leaves, '#8b9a8c', 0.45);
  const unit = width / 1024;
  const blobs: string[] = [];
  for (let x = -10; x < 1034; x += random.between(3, 16)) {
    if (random.chance(0.3)) x += random.between(4, 60);
    const size = random.between(2, 8) * unit;
    blobs.push(
      `<ellipse cx="${(x * unit).toFixed(1)}" cy="${(horizon - size * 0.35).toFixed(1)}" rx="${(size * random.between(1, 2.2)).toFixed(1)}" ry="${size.toFixed(1)}"/>`,
    );
  }
  return `<g fill="${colour}">${blobs.join('')}</g>`;
}

/** Flat lighter and darker patches, thinner the farther off they are. */
function unevenness(view: View, soil: Soil, random: Random): string {
  const { width, height, horizon } = view;
  return Array.from({ length: 42 }, () => {
    const depth = random.next() ** 1.6;
    const y = horizon + 4 + depth * (height - horizon);
    const rx = width * random.between(0.04, 0.22) * (0.35 + depth);
    const colour = random.chance(0.5) ? lighter(soil.far, 0.12) : darker(soil.near, 0.22);
    return `<ellipse cx="${random.between(0, width).toFixed(0)}" cy="${y.toFixed(0)}" rx="${rx.toFixed(0)}" ry="${(rx * (0.03 + depth * 0.1)).toFixed(1)}" fill="${colour}" opacity="${random.between(0.12, 0.34).toFixed(2)}"/>`;
  }).join('');
}

function gameTrail(view: View, soil: Soil, random: Random): string {
  const { width, height, horizon } = view;
  const far = random.between(0.3, 0.7) * width;
  const near = random.between(0.2, 0.8) * width;
  const bend = (far + near) / 2 + random.between(-0.2, 0.2) * width;
  const middle = horizon + (height - horizon) * 0.35;
  const outline: Point[] = [
    [far - 2, horizon + 6],
    [bend - width * 0.02, middle],
    [near - width * 0.11, height + 8],
    [near + width * 0.11, height + 8],
    [bend + width * 0.02, middle],
    [far + 2, horizon + 6],
  ];
  return `<path d="${smooth(outline)}" fill="${mix(soil.near, '#d3bd94', 0.55)}" opacity="0.6"/>`;
}

function distantTrees(view: View, soil: Soil, random: Random): string {
  const trees = random.integer(0, 5);
  const distances = Array.from({ length: trees }, () => random.between(28, 150)).sort((a, b) => b - a);
  return distances
    .map((distance) => {
      const scale = view.scaleAt(distance) / 100;
      const haze = mix(soil.leaves, '#a3b0a6', Math.min(0.55, distance / 260));
      const at = `translate(${random.between(0, view.width).toFixed(0)} ${view.groundAt(distance).toFixed(1)}) scale(${scale.toFixed(4)})`;
      return `<g transform="${at}">${acacia(random, random.between(450, 800), haze)}</g>`;
    })
    .join('');
}

/** Short grass all over the ground, drawn smaller with distance. */
function tussocks(view: View, soil: Soil, random: Random): string {
  const { width, height, horizon } = view;
  const bands = 9;
  const result: string[] = [];
  for (let band = 0; band < bands; band++) {
    const from = horizon + ((height - horizon) * band ** 1.5) / bands ** 1.5;
    const to = horizon + ((height - horizon) * (band + 1) ** 1.5) / bands ** 1.5;
    const paths = soil.blades.map(() => '');
    for (let index = 0; index < 210; index++) {
      const y = random.between(from, to);
      const size = (view.scaleAt(view.distanceAt(y)) / 100) * (4 + soil.grass * 0.5) * random.between(0.4, 1);
      const bend = random.between(-0.5, 0.5) * size;
      const which = Math.floor(random.next() * soil.blades.length);
      paths[which] +=
        `M${random.between(0, width).toFixed(1)} ${y.toFixed(1)}q${(bend * 0.2).toFixed(1)} ${(-size * 0.6).toFixed(1)} ${bend.toFixed(1)} ${(-size).toFixed(1)}`;
    }
    const stroke = Math.max(0.7, ((band + 1) / bands) * 2.4 * (width / 1024));
    result.push(
      ...paths.map(
        (path, which) =>
          `<path d="${path}" stroke="${soil.blades[which]}" stroke-width="${stroke.toFixed(2)}" fill="none" opacity="0.75"/>`,
      ),
    );
  }
  return result.join('');
}

async function drawClouds(view: View, random: Random): Promise<Sprite> {
  const width = Math.round(view.width * 1.5);
  const height = view.horizon;
  const puffs = Array.from({ length: 26 }, () => {
    const y = random.between(0, 0.85) * height;
    const rx = width * random.between(0.03, 0.1) * (1.2 - y / height);
    return `<ellipse cx="${random.between(0, width).toFixed(0)}" cy="${y.toFixed(0)}" rx="${rx.toFixed(0)}" ry="${(rx * 0.24).toFixed(0)}" fill="url(#puff)"/>`;
  });
  const elements =
    '<defs><radialGradient id="puff"><stop offset="0" stop-color="#fff" stop-opacity="0.8"/><stop offset="0.55" stop-color="#f4f4f4" stop-opacity="0.42"/><stop offset="1" stop-color="#eee" stop-opacity="0"/></radialGradient></defs>' +
    puffs.join('');
  return renderSvg(elements, { x: 0, y: 0, width, height }, width, height);
}

async function drawProps(view: View, soil: Soil, random: Random): Promise<Prop[]> {
  const { width } = view;
  const props: Promise<Prop>[] = [];
  const stand = (elements: string, reach: number, height: number, x: number, distance: number, sway: number): void => {
    props.push(standing(view, elements, { reach, height, x, distance, sway }));
  };
  if (random.chance(0.5))
    stand(bush(random, 90, soil.leaves), 110, 110, random.between(0, width), random.between(7, 16), 0.01);
  if (random.chance(0.35))
    stand(bush(random, 55, soil.leaves), 70, 70, random.between(0, width), random.between(4, 8), 0.015);
  if (random.chance(0.3)) stand(termiteMound(random, 130), 80, 140, random.between(0, width), random.between(7, 14), 0);
  if (random.chance(0.35))
    stand(boulder(random, random.between(40, 120)), 130, 90, random.between(0, width), random.between(6, 14), 0);
  if (random.chance(0.4))
    stand(acacia(random, 520, soil.leaves), 420, 540, random.between(0, width), random.between(14, 26), 0.004);
  if (random.chance(0.22))
    stand(nearTrunk(random, 46), 60, 390, random.chance(0.5) ? 0 : width, random.between(2.4, 3.2), 0);
  const clumps = random.integer(3, 6);
  const height = 12 + soil.grass * 1.15;
  for (let clump = 0; clump < clumps; clump++) {
    const reach = random.between(22, 60);
    stand(
      grass(random, -reach, reach, height, soil.blades, 2.2),
      reach + height * 0.5,
      height * 1.1,
      random.between(0, width),
      random.between(1.6, 3.2),
      0.14,
    );
  }
  return Promise.all(props);
}

/** Tall grass between the camera and ten metres off. */
async function drawTufts(view: View, soil: Soil, count: number, random: Random): Promise<Prop[]> {
  const height = 20 + soil.grass * 1.15;
  return Promise.all(
    Array.from({ length: count }, () => {
      const reach = random.between(25, 70);
      return standing(view, grass(random, -reach, reach, height, soil.blades, 2.2), {
        reach: reach + height * 0.5,
        height: height * 1.1,
        x: random.between(0, view.width),
        distance: 1.8 * 6 ** random.next(),
        sway: 0.14,
      });
    }),
  );
}

interface Standing {
  /** Half its width and its height, in centimetres. */
  readonly reach: number;
  readonly height: number;
  /** Column of its foot. */
  readonly x: number;
  readonly distance: number;
  readonly sway: number;
}

async function standing(view: View, elements: string, { reach, height, x, distance, sway }: Standing): Promise<Prop> {
  const scale = view.scaleAt(distance) / 100;
  const box = { x: -reach, y: -height, width: 2 * reach, height: height + 6 };
  const sprite = await renderSvg(elements, box, Math.ceil(box.width * scale), Math.ceil(box.height * scale));
  const top = Math.round(view.groundAt(distance) - height * scale);
  return { sprite, left: Math.round(x - reach * scale), top, distance, sway };
}
