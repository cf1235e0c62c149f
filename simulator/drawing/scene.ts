import { Random } from '../random';
import type { Actor } from './actors';
import { ANIMALS } from './animals';
import { mixRgb } from './colour';
import type { Landscape } from './landscape';
import type { Illumination } from './light';
import { grass } from './plants';
import { lay, layRow, renderSvg, type Picture, type Sprite } from './raster';

/** What differs between the visits to a landscape. */
export interface Weather {
  readonly illumination: Illumination;
  /** Where in the band of clouds the view begins, from 0 to 1. */
  readonly clouds: number;
  /** From 0, still, to about 3. */
  readonly wind: number;
  /** Place in the gust's swing, from 0 to 1. */
  readonly gust: number;
  /** From 0, a cool day, to 1, a warm one. */
  readonly warmth: number;
}

/** What the frames of a sequence have in common. */
export interface Scene {
  readonly landscape: Landscape;
  readonly weather: Weather;
  readonly background: Picture;
  readonly cast: readonly Actor[];
}

/** Sky, clouds and land in the light of the moment. */
export function paintBackground({ view, land, clouds }: Landscape, { illumination, clouds: drift }: Weather): Picture {
  const data = new Uint8ClampedArray(view.width * view.height * 3);
  const picture: Picture = { width: view.width, height: view.height, data };
  paintSky(picture, view.horizon, illumination);
  if (!illumination.night) {
    const left = -Math.round(drift * (clouds.width - view.width));
    lay(picture, clouds, { left, top: 0, light: illumination.at(Infinity) });
  }
  for (let row = 0; row < land.height; row++) {
    // The land takes the light row by row: a row is a distance.
    layRow(picture, land, row, { left: 0, row, mirrored: false }, illumination.at(view.distanceAt(row)));
  }
  return picture;
}

/** A gradient from the zenith to the skyline, and the skyline's colour below it. */
function paintSky({ width, height, data }: Picture, horizon: number, { zenith, skyline }: Illumination): void {
  for (let row = 0; row < height; row++) {
    const colour = mixRgb(zenith, skyline, Math.min(1, row / horizon) ** 0.8);
    const begin = row * width * 3;
    data.set(colour, begin);
    // Doubling what is there fills a row faster than setting pixels.
    for (let filled = 3; filled < width * 3; filled *= 2) {
      data.copyWithin(begin + filled, begin, begin + Math.min(filled, width * 3 - filled));
    }
  }
}

/** Puts animals and plants before the background, the farthest first. */
export async function paintScene({ landscape, weather, background, cast }: Scene, rank: number): Promise<Picture> {
  const { view, props } = landscape;
  const picture: Picture = { ...background, data: background.data.slice() };
  const there = cast.filter(({ arrival }) => arrival <= rank);
  const animals = await Promise.all(there.map((actor) => drawActor(actor, rank, landscape, weather)));
  const swing = Math.sin(2 * Math.PI * (weather.gust + rank * 0.31)) * weather.wind;
  const layers: Layer[] = [
    ...props.map((prop) => ({ ...prop, mirrored: false, lean: swing * prop.sway * prop.sprite.height })),
    ...animals,
  ];
  layers.sort((a, b) => b.distance - a.distance);
  for (const { sprite, left, top, mirrored, lean, distance } of layers) {
    if (left > view.width || left + sprite.width < 0) continue;
    lay(picture, sprite, { left, top, mirrored, lean, light: weather.illumination.at(distance) });
  }
  return picture;
}

interface Layer {
  readonly sprite: Sprite;
  readonly left: number;
  readonly top: number;
  readonly mirrored: boolean;
  readonly lean: number;
  readonly distance: number;
}

const EYE = /#15100c/g;
const EYESHINE = '#fffdf2';

async function drawActor(actor: Actor, rank: number, { view, soil }: Landscape, weather: Weather): Promise<Layer> {
  const { elements, box } = ANIMALS[actor.species](actor.posture(rank), new Random(actor.seed));
  const { night } = weather.illumination;
  const scale = view.scaleAt(actor.distance) / 100;
  const grounded = actor.altitude === 0;
  const blades = grounded ? grassBefore(actor, box, soil.grass, soil.blades) : '';
  const margin = grounded ? 10 : 0;
  const whole = { x: box.x - 6, y: box.y, width: box.width + 12, height: box.height + margin };
  const parts = [
    grounded && !night ? shadow(box, actor.distance) : '',
    night ? elements.replace(EYE, EYESHINE) : elements,
    blades,
  ];
  const width = Math.max(1, Math.round(whole.width * scale));
  const height = Math.max(1, Math.round(whole.height * scale));
  const sprite = await renderSvg(parts.join(''), whole, width, height);
  const column = actor.column + actor.step * (rank - 1);
  const foot = view.groundAt(actor.distance) - actor.altitude * 100 * scale;
  return {
    sprite,
    left: Math.round(column - width / 2),
    top: Math.round(foot + whole.y * scale),
    mirrored: actor.facesLeft,
    lean: 0,
    distance: actor.distance,
  };
}

function shadow(box: { x: number; width: number }, distance: number): string {
  const middle = box.x + box.width * 0.46;
  const rx = box.width * 0.42;
  const ry = Math.min(10, (rx * 0.4) / Math.max(1, distance * 0.35));
  return (
    '<defs><radialGradient id="shadow"><stop offset="0.45" stop-color="#1a150c" stop-opacity="0.38"/>' +
    '<stop offset="1" stop-color="#1a150c" stop-opacity="0"/></radialGradient></defs>' +
    `<ellipse cx="${middle.toFixed(1)}" cy="0" rx="${rx.toFixed(1)}" ry="${ry.toFixed(1)}" fill="url(#shadow)"/>`
  );
}

/** The grass that an animal stands in: to the ankles or to the belly, never over its back. */
function grassBefore(
  actor: Actor,
  box: { x: number; y: number; width: number },
  height: number,
  blades: readonly string[],
): string {
  const tall = Math.min(height, -box.y * 0.42);
  return grass(new Random(actor.seed, 'grass'), box.x, box.x + box.width, tall, blades, Math.min(1.2, 8 / tall + 0.16));
}
