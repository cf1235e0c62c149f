import { Random } from '../random';

/** A camera and the place it looks at: the same in every season. */
export interface Site {
  /** `B04` */
  readonly name: string;
  /** Share of the sequences, relative to the other sites. */
  readonly busyness: number;
  /** Names everything that is random about the place. */
  readonly seed: string;
}

/** All sites of a simulation, sorted by name: grid squares from B01 to U12, as many as asked for. */
export function sitesOf(seed: number, count: number): Site[] {
  const squares: string[] = [];
  for (const row of 'BCDEFGHIJKLMNOPQRSTU') {
    for (let column = 1; column <= 12; column++) squares.push(`${row}${String(column).padStart(2, '0')}`);
  }
  const random = new Random(seed, 'sites');
  return random
    .shuffled(squares)
    .slice(0, count)
    .sort()
    .map((name) => ({ name, busyness: 0.4 + random.next() ** 2 * 2, seed: `${seed}/${name}` }));
}

/** Sites with a working camera in a season: about nine of ten, at least one. */
export function sitesOfSeason(seed: number, sites: readonly Site[], season: string): Site[] {
  const random = new Random(seed, 'working', season);
  const working = sites.filter(() => random.chance(0.9));
  return working.length > 0 ? working : sites.slice(0, 1);
}
