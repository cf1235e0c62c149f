import { Random } from '../random';
import type { Sequence } from '../plan/sequences';
import type { SpeciesName } from '../plan/classes';
import { ANIMALS } from './animals';
import type { Posture } from './animals/animal';
import { CAMERA_HEIGHT, type View } from './view';

/** One animal in a sequence: where it is and how it moves. */
export interface Actor {
  readonly species: SpeciesName;
  /** Metres from the camera. */
  readonly distance: number;
  /** Column of its middle in the first frame, and how many columns it moves from frame to frame. */
  readonly column: number;
  readonly step: number;
  readonly facesLeft: boolean;
  /** Metres above the ground. */
  readonly altitude: number;
  /** Rank of the first frame that it is seen in. */
  readonly arrival: number;
  readonly posture: (rank: number) => Posture;
  /** Names what sets this individual apart from others of its kind. */
  readonly seed: string;
}

/** Metres above the ground for what does not stand on it, and how far away that is seen. */
const AIRBORNE: Partial<Record<SpeciesName, { altitude: [number, number]; distance: [number, number] }>> = {
  bat: { altitude: [0.7, 1.6], distance: [1.6, 4] },
  insectspider: { altitude: [0.75, 1.05], distance: [0.25, 0.75] },
};

/** Height of the largest animals in the scene, as a share of the scene's. */
const LARGEST = 0.82;
const NEAREST = 2.05;
/** So many in a hundred walk past right before the lens, cut off by the picture's edges. */
const TOO_CLOSE = 0.12;

/** Of the sequences whose animals come late, those that show them in the last frame only. */
const LAST_FRAME_ONLY = 1 / 3;

/** What the cast follows from, apart from the sequence itself. */
export interface CastOptions {
  readonly view: View;
  /** Metres beyond which no animal is seen. */
  readonly sight: number;
  readonly smallest: number;
  readonly lateArrivals: number;
}

/** Everyone in a sequence, the farthest first. */
export function castOf(sequence: Sequence, options: CastOptions): Actor[] {
  const random = new Random(sequence.site.seed, 'cast', sequence.id);
  const arrival = arrivalOf(sequence, options.lateArrivals);
  const actors = sequence.sightings.flatMap(({ species, count }) =>
    herd(species, count, options, random, `${sequence.id}/${species}`).map((actor) => ({ ...actor, arrival })),
  );
  return actors.sort((a, b) => b.distance - a.distance);
}

/** Rank of the first frame with animals; the last one always has them. */
function arrivalOf({ site, id, frames }: Sequence, lateArrivals: number): number {
  const random = new Random(site.seed, 'arrival', id);
  if (!random.chance(lateArrivals)) return 1;
  return random.chance(LAST_FRAME_ONLY) ? frames.length : Math.min(2, frames.length);
}

function herd(
  species: SpeciesName,
  count: number,
  options: CastOptions,
  random: Random,
  id: string,
): Omit<Actor, 'arrival'>[] {
  const { view } = options;
  const facesLeft = random.chance(0.5);
  const leader = distanceOf(species, options, random);
  const middle = random.between(0.18, 0.82);
  return Array.from({ length: count }, (_, index) => {
    const distance = index === 0 ? leader : leader * random.between(1, 1.8);
    const share = index === 0 ? middle : middle + random.between(-0.55, 0.55);
    const column = Math.min(0.95, Math.max(0.05, share)) * view.width;
    return actor(
      species,
      { distance, column, facesLeft: random.chance(0.12) ? !facesLeft : facesLeft },
      view,
      random,
      `${id}/${index}`,
    );
  });
}

function distanceOf(species: SpeciesName, { view, sight, smallest }: CastOptions, random: Random): number {
  const airborne = AIRBORNE[species];
  if (airborne !== undefined) return random.between(...airborne.distance);
  const tall = -measure(species).y / 100;
  const scale = view.scaleAt(1);
  const fills = (scale * tall) / (LARGEST * view.height);
  // The camera hangs low: heads of tall animals leave the picture long before their feet do.
  const fitsBelowTop = (scale * Math.max(0, tall - CAMERA_HEIGHT)) / (view.horizon * 1.04);
  const nearest = Math.max(NEAREST, fills, fitsBelowTop);
  if (random.chance(TOO_CLOSE)) return Math.max(NEAREST * 0.9, nearest * random.between(0.55, 0.9));
  const farthest = Math.max(nearest * 1.15, Math.min(sight, (scale * tall) / (smallest * view.height)));
  return nearest * (farthest / nearest) ** (random.next() ** 1.25);
}

/** What an animal of the species covers, standing. */
function measure(species: SpeciesName): { readonly y: number; readonly width: number } {
  return ANIMALS[species]({ stride: 0, pace: 0, head: 1 }, new Random('measure', species)).box;
}

interface Place {
  readonly distance: number;
  readonly column: number;
  readonly facesLeft: boolean;
}

function actor(species: SpeciesName, place: Place, view: View, random: Random, seed: string): Omit<Actor, 'arrival'> {
  const airborne = AIRBORNE[species];
  const manner = airborne === undefined ? random.weighted([0.62, 0.23, 0.15]) : 0;
  const pace = [random.between(0.55, 1), random.between(0, 0.35), 0][manner]!;
  const head = [random.between(0.6, 1), random.between(0, 0.12), random.between(0.9, 1)][manner]!;
  const stride = random.next();
  const strides = pace * random.between(0.55, 0.95);
  const metres = strides * (measure(species).width / 100) * 0.62;
  return {
    ...place,
    species,
    step: metres * view.scaleAt(place.distance) * (place.facesLeft ? -1 : 1),
    altitude: airborne === undefined ? 0 : random.between(...airborne.altitude),
    posture: (rank) => ({ stride: (stride + strides * (rank - 1)) % 1, pace, head }),
    seed,
  };
}
