import { timestamp } from '../plan/names';
import { daylight } from '../plan/sequences';
import { fill, GLYPH_ROWS, print, textWidth } from './glyphs';
import type { Picture } from './raster';
import type { View } from './view';

/** What the camera prints below the scene. */
export interface StripText {
  readonly camera: string;
  /** Milliseconds, the camera's clock. */
  readonly time: number;
  readonly celsius: number;
}

const BACKGROUND = 12;
const INK = 236;

/** Days from one new moon to the next, and one of them: 6 January 2000, 18:14 UTC. */
const LUNATION = 29.530588;
const NEW_MOON = Date.UTC(2000, 0, 6, 18, 14);

export function printStrip(frame: Picture, view: View, text: StripText): void {
  const top = view.height;
  frame.data.fill(BACKGROUND, top * frame.width * 3);
  const dot = Math.max(1, Math.floor((view.strip * 0.6) / GLYPH_ROWS));
  const baseline = top + Math.floor((view.strip - GLYPH_ROWS * dot) / 2);
  const margin = 2 * dot;
  print(frame, text.camera, margin, baseline, dot, INK);
  const clock = timestamp(text.time);
  print(frame, clock, frame.width - textWidth(clock, dot) - margin, baseline, dot, INK);
  const fahrenheit = Math.round(text.celsius * 1.8 + 32);
  const warmth = `${text.celsius}°C ${fahrenheit}°F`;
  const middle = Math.round((frame.width - textWidth(warmth, dot)) * 0.42);
  print(frame, warmth, middle, baseline, dot, INK);
  const radius = GLYPH_ROWS * dot * 0.5;
  moon(frame, middle + textWidth(warmth, dot) + radius * 2, baseline + radius, radius, text.time);
}

/** Degrees Celsius, coldest before sunrise; `warmth` from 0 to 1 tells warm days from cool ones. */
export function temperatureAt(time: number, warmth: number): number {
  return Math.round(13 + daylight(time - 2 * 3_600_000) * 13 + warmth * 7);
}

function moon(frame: Picture, x: number, y: number, radius: number, time: number): void {
  const age = ((time - NEW_MOON) / 86_400_000 / LUNATION) % 1;
  const edge = Math.cos(2 * Math.PI * age);
  for (let dy = -radius; dy <= radius; dy++) {
    const half = Math.sqrt(Math.max(0, radius * radius - dy * dy));
    for (let dx = -half; dx <= half; dx++) {
      const lit = age < 0.5 ? dx > half * edge : dx < -half * edge;
      fill(frame, Math.round(x + dx), Math.round(y + dy), 1, lit ? INK : 70);
    }
  }
}
