import type { AnimalThreshold } from '../../contracts/validation';
import type { TableSequence } from '../features';
import { estimateMean } from './estimate';
import type { SequenceScores } from './scores';

/** Shares of the animals that people ask for. */
const TARGETS = [0.95, 0.98, 0.99];

/** By the camera's clock: without its place on earth, nothing tells sunrise. */
const DAY = { from: 6, to: 18 } as const;

/**
 * How much looking is saved when only sequences are looked at that are likely enough to show an animal. What is found and
 * saved is measured at each site with the threshold that the other sites give: one set on the same sequences would flatter.
 * With one site there is no other, and it does.
 *
 * @param sites - number of each sequence's site
 */
export function animalThresholds(
  { animal, isAnimal }: SequenceScores,
  sequences: readonly TableSequence[],
  sites: Uint32Array,
): AnimalThreshold[] {
  // Least likely first: those that a threshold misses are at the front.
  const animals = Uint32Array.from(isAnimal.keys())
    .filter((sequence) => isAnimal[sequence] === 1)
    .sort((a, b) => animal[a]! - animal[b]! || a - b);
  if (animals.length === 0) return [];
  const share = (values: Float64Array, counted?: (sequence: number) => boolean) =>
    estimateMean({ values, sites, scale: 'share', ...(counted && { counted }) });
  const isDay = (sequence: number): boolean | undefined => {
    const { hour } = sequences[sequence]!;
    return hour === null ? undefined : hour >= DAY.from && hour < DAY.to;
  };
  return TARGETS.map((target) => {
    const thresholds = thresholdsWithoutSite(animal, animals, sites, target);
    const looked = Float64Array.from(animal, (value, sequence) => (value >= thresholds[sites[sequence]!]! ? 1 : 0));
    const skipped = looked.map((look) => 1 - look);
    const byDay = share(skipped, (sequence) => isDay(sequence) === true);
    const byNight = share(skipped, (sequence) => isDay(sequence) === false);
    return {
      target,
      threshold: animal[animals[missable(target, animals.length)]!]!,
      found: share(looked, (sequence) => isAnimal[sequence] === 1)!,
      skipped: share(skipped)!,
      ...(byDay && { skippedByDay: byDay }),
      ...(byNight && { skippedByNight: byNight }),
    };
  });
}

/** For each site, the threshold that the animals of all others give; that of all where there is no other. */
function thresholdsWithoutSite(
  animal: Float64Array,
  animals: Uint32Array,
  sites: Uint32Array,
  target: number,
): Float64Array {
  const siteCount = sites.reduce((most, site) => Math.max(most, site + 1), 0);
  const here = new Uint32Array(siteCount);
  for (const sequence of animals) here[sites[sequence]!]!++;
  return Float64Array.from(here, (own, site) => {
    const alone = own === animals.length;
    let passed = 0;
    const mayMiss = missable(target, alone ? own : animals.length - own);
    const least = animals.find((sequence) => (alone || sites[sequence] !== site) && passed++ === mayMiss);
    return animal[least!]!;
  });
}

/** How many of so many animals may be missed; a whole share must not lose one to rounding. */
function missable(target: number, animals: number): number {
  return Math.floor((1 - target) * animals + 1e-9);
}
