import { daylight } from '../plan/sequences';
import { mixRgb, type Rgb } from './colour';
import type { Light } from './raster';

/** The light of a moment: by day the sun's colour, by night the camera's infrared flash. */
export interface Illumination {
  readonly night: boolean;
  /** Colours of the sky overhead and at the horizon. */
  readonly zenith: Rgb;
  readonly skyline: Rgb;
  /** Metres beyond which it shows no animal. */
  readonly sight: number;
  /** How the ground looks so far away, in metres. */
  at(distance: number): Light;
}

/** Below this the camera switches to infrared. */
const TWILIGHT = 0.14;
/** Metres at which the flash has lost half its strength. */
const FLASH_REACH = 9;
/** Metres at which it still shows an animal. */
const FLASH_SIGHT = 30;

const NOON = { zenith: [96, 146, 205], skyline: [206, 220, 228], sun: [1.03, 1.01, 0.96] } as const;
const OVERCAST = { zenith: [168, 178, 187], skyline: [211, 215, 216], sun: [0.9, 0.92, 0.95] } as const;
const LOW = { zenith: [112, 126, 166], skyline: [244, 190, 132], sun: [1.06, 0.85, 0.64] } as const;

/**
 * @param time - milliseconds, the camera's clock
 * @param clouds - from 0, clear, to 1, overcast
 */
export function illuminationAt(time: number, clouds: number): Illumination {
  const day = daylight(time);
  if (day < TWILIGHT) return flash();
  const low = Math.min(1, Math.max(0, (1 - day) / 0.6));
  const blend = (key: 'zenith' | 'skyline' | 'sun'): Rgb =>
    mixRgb(mixRgb(NOON[key], OVERCAST[key], clouds), LOW[key], low);
  const sun = blend('sun');
  const strength = 1 - 0.3 * low;
  const factors: Rgb = [sun[0] * strength, sun[1] * strength, sun[2] * strength];
  const at = (): Light => ({ factors, grey: false });
  return { night: false, zenith: blend('zenith'), skyline: blend('skyline'), sight: Infinity, at };
}

function flash(): Illumination {
  return {
    night: true,
    zenith: [9, 9, 9],
    skyline: [15, 15, 15],
    sight: FLASH_SIGHT,
    at: (distance) => {
      const share = 1.12 / (1 + (distance / FLASH_REACH) ** 1.6);
      return { factors: [share, share, share], grey: true };
    },
  };
}

/** The corners are darker than the middle: a factor for each pixel of the scene, 256 for none. */
export function vignette({ width, height }: { width: number; height: number }, strength: number): Uint16Array {
  const factors = new Uint16Array(width * height);
  for (let row = 0; row < height; row++) {
    const y = (row / height - 0.55) * 2;
    for (let column = 0; column < width; column++) {
      const x = (column / width - 0.5) * 2;
      const radius = Math.min(1.6, x * x + y * y * 0.8);
      factors[row * width + column] = Math.round(256 * (1 - strength * radius * 0.6));
    }
  }
  return factors;
}
