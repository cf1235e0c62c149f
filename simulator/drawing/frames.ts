import type { SimulationOptions } from '../options';
import { SPECIES } from '../plan/classes';
import { daylight, type PlannedFrame, type Sequence } from '../plan/sequences';
import { sitesOf } from '../plan/sites';
import { Random } from '../random';
import { LANDSCAPES, Studio } from './studio';

/** Gives the bytes of a sequence's frames, in their order. */
export type FrameSource = (sequence: Sequence) => Promise<Buffer[]>;

/** Every frame drawn for itself, or few frames used again and again. */
export function frameSource(options: SimulationOptions): FrameSource {
  const studio = new Studio(options);
  const draw: FrameSource =
    options.sharedPool === undefined
      ? (sequence) => studio.draw(sequence)
      : poolOf(options, options.sharedPool, studio);
  return async (sequence) => {
    // A shared drawing may have more frames than the sequence: its last ones, because in them animals are sure to be seen.
    const frames = (await draw(sequence)).slice(-sequence.frames.length);
    return sequence.frames.map((frame, index) => damaged(frame, frames[index]!));
  };
}

const FRAMES_A_SEQUENCE = 3;
const DAY = 86_400_000;
const NOON = Date.UTC(2010, 9, 1, 12);
const MIDNIGHT = Date.UTC(2010, 9, 1, 23);
const HOUR = DAY / 24;

/** Bytes of an unreadable file: a card that was pulled out too early leaves zeros. */
const UNREADABLE = Buffer.alloc(4096);

function damaged({ state, fileName }: PlannedFrame, jpeg: Buffer): Buffer {
  if (state === 'unreadable') return UNREADABLE;
  if (state !== 'truncated') return jpeg;
  return jpeg.subarray(0, Math.floor(jpeg.length * new Random('cut', fileName).between(0.4, 0.75)));
}

/** As many variants of each sight as its share of all sequences allows, by day and by night apart, at least one. */
function poolOf(options: SimulationOptions, size: number, studio: Studio): FrameSource {
  const sites = sitesOf(options.seed, options.sites).slice(0, LANDSCAPES);
  const drawn = new Map<string, Promise<Buffer[]>>();
  const share = (sequence: Sequence): number =>
    sequence.sightings.length === 0
      ? options.empties
      : (1 - options.empties) / Math.min(options.species, SPECIES.length);
  return (sequence) => {
    const night = daylight(sequence.time) < 0.5;
    const sight = sequence.sightings.map(({ species }) => species).join('+') || 'empty';
    const variants = Math.max(1, Math.round((size * share(sequence)) / FRAMES_A_SEQUENCE / 2));
    const variant = new Random('variant', sequence.id).integer(0, variants - 1);
    const key = `${sight}/${night ? 'night' : 'day'}/${variant}`;
    let frames = drawn.get(key);
    if (frames === undefined) {
      const random = new Random(options.seed, 'pool', key);
      frames = studio.draw({
        ...sequence,
        id: key,
        site: random.pick(sites),
        time: (night ? MIDNIGHT : NOON) + random.integer(-4, 4) * HOUR,
        sightings: sequence.sightings.map(({ species }) => ({ species, count: random.integer(1, 3) })),
        frames: Array.from({ length: FRAMES_A_SEQUENCE }, (_, index) => ({
          fileName: key,
          rank: index + 1,
          state: 'good',
        })),
      });
      drawn.set(key, frames);
    }
    return frames;
  };
}
