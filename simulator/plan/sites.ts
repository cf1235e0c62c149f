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

const COLUMNS = 12;

/** All sites of a simulation, sorted by name: grid squares from B01 to U12, as many as asked for. */
export function sitesOf(seed: number, count: number): Site[] {
  return sitesOn(seed, new Random(seed, 'sites'), 1, count);
}

/** Sites on a grid of 240 squares whose first column is given. */
function sitesOn(seed: number, random: Random, first: number, count: number): Site[] {
  const squares: string[] = [];
  for (const row of 'BCDEFGHIJKLMNOPQRSTU') {
    for (let column = first; column < first + COLUMNS; column++) {
      squares.push(`${row}${String(column).padStart(2, '0')}`);
    }
  }
  return random
    .shuffled(squares)
    .slice(0, count)
    .sort()
    .map((name) => ({ name, busyness: 0.4 + random.next() ** 2 * 2, seed: `${seed}/${name}` }));
}

/**
 * Sites with a working camera in a season, sorted by name: about nine of ten, at least one.
 *
 * @param newSites - share of them that no other season has: they stand on squares of the season's own, east of the grid.
 */
export function sitesOfSeason(seed: number, sites: readonly Site[], season: string, newSites: number): Site[] {
  const random = new Random(seed, 'working', season);
  const some = sites.filter(() => random.chance(0.9));
  const working = some.length > 0 ? some : sites.slice(0, 1);
  const count = Math.round(newSites * working.length);
  const own = sitesOn(seed, random, Number(season.slice(1)) * COLUMNS + 1, count);
  const kept = random.shuffled(working).slice(count);
  return [...kept, ...own].sort((a, b) => (a.name < b.name ? -1 : 1));
}
