import type { SimulationOptions } from '../options';
import type { Sequence } from '../plan/sequences';
import type { Site } from '../plan/sites';
import { Random } from '../random';
import { castOf } from './actors';
import { expose, noiseTable, toJpeg } from './camera';
import { printStrip, temperatureAt } from './infoStrip';
import { drawLandscape, type Landscape } from './landscape';
import { illuminationAt, vignette } from './light';
import type { Picture } from './raster';
import { paintBackground, paintScene, type Scene, type Weather } from './scene';
import { sceneSize } from './view';

/** A sequence's frames differ by about a second. */
const SECOND = 1000;
/** Landscapes kept at hand; seasons are drawn site by site. */
export const LANDSCAPES = 4;

type FrameOptions = Pick<
  SimulationOptions,
  'width' | 'height' | 'quality' | 'lateArrivals' | 'smallest' | 'vegetation'
>;

/** Draws frames: the same sequence gives the same bytes, in any order and however many are drawn at a time. */
export class Studio {
  readonly #options: FrameOptions;
  readonly #landscapes = new Map<string, Promise<Landscape>>();
  readonly #noise = noiseTable(new Random('noise'));
  readonly #vignettes: { readonly day: Uint16Array; readonly night: Uint16Array };

  constructor(options: FrameOptions) {
    this.#options = options;
    const size = sceneSize(options.width, options.height);
    // By night the flash leaves the corners darker than the lens alone.
    this.#vignettes = { day: vignette(size, 0.22), night: vignette(size, 0.75) };
  }

  /** The sequence's frames as JPEG, in their order. */
  async draw(sequence: Sequence): Promise<Buffer[]> {
    const landscape = await this.#landscapeOf(sequence.site);
    const weather = weatherOf(sequence, this.#options.vegetation);
    const background = paintBackground(landscape, weather);
    const { sight } = weather.illumination;
    const cast = castOf(sequence, { ...this.#options, view: landscape.view, sight });
    const scene = { landscape, weather, background, cast };
    return Promise.all(sequence.frames.map(({ rank }) => this.#shoot(sequence, rank, scene)));
  }

  async #shoot(sequence: Sequence, rank: number, scene: Scene): Promise<Buffer> {
    const { width, height, quality } = this.#options;
    const { night } = scene.weather.illumination;
    const random = new Random(sequence.site.seed, 'exposure', sequence.id, rank);
    const picture = await paintScene(scene, rank);
    const frame: Picture = { width, height, data: new Uint8ClampedArray(width * height * 3) };
    const exposure = { noise: night ? 6 : 3.2, gain: random.between(0.96, 1.04), grey: night };
    expose(picture, frame, this.#vignettes[night ? 'night' : 'day'], this.#noise, exposure, random);
    const time = sequence.time + (rank - 1) * SECOND;
    printStrip(frame, scene.landscape.view, {
      camera: `SIMCAM ${sequence.site.name}`,
      time,
      celsius: temperatureAt(time, scene.weather.warmth),
    });
    return toJpeg(frame, quality, time);
  }

  async #landscapeOf(site: Site): Promise<Landscape> {
    let landscape = this.#landscapes.get(site.seed);
    if (landscape === undefined) {
      landscape = drawLandscape(site, this.#options);
      this.#landscapes.set(site.seed, landscape);
      const [oldest] = this.#landscapes.keys();
      if (this.#landscapes.size > LANDSCAPES && oldest !== undefined) this.#landscapes.delete(oldest);
    }
    return landscape;
  }
}

function weatherOf({ site, id, time, sightings }: Sequence, vegetation: number): Weather {
  const random = new Random(site.seed, 'weather', id);
  return {
    illumination: illuminationAt(time, random.next() ** 2),
    clouds: random.next(),
    // Where no animal triggered the camera, as a rule the wind did.
    wind:
      random.between(0.1, 0.5) +
      (sightings.length === 0 ? random.between(0, 0.9) : 0) +
      vegetation * random.between(0.5, 1.5),
    gust: random.next(),
    warmth: random.next(),
  };
}
