import { Random } from '../random';
import { OCCURRENCE, SPECIES, type SpeciesName } from './classes';
import { frameName, sequenceId } from './names';
import { sitesOf, sitesOfSeason, type Site } from './sites';

/** What stood or walked in front of the camera. */
export interface Sighting {
  readonly species: SpeciesName;
  readonly count: number;
}

/** A file of a sequence. */
export interface PlannedFrame {
  readonly fileName: string;
  /** Position in the sequence, from 1. */
  readonly rank: number;
  /**
   * `good`; `truncated`: the file ends early; `unreadable`: the file is no JPEG and the metadata say so; `missing`: shows
   * people, is in the metadata and not in the archive.
   */
  readonly state: 'good' | 'truncated' | 'unreadable' | 'missing';
}

/** One triggering of a camera. */
export interface Sequence {
  readonly season: string;
  readonly site: Site;
  readonly id: string;
  /** Milliseconds since 1970 as the camera's clock counts them. */
  readonly time: number;
  /** Empty where no animal is seen. */
  readonly sightings: readonly Sighting[];
  /** What all metadata say was seen: the sightings, unless the label is wrong. */
  readonly labels: readonly Sighting[];
  readonly people: boolean;
  readonly frames: readonly PlannedFrame[];
}

/** What the plan of a season follows from. */
export interface SeasonOptions {
  readonly seed: number;
  readonly sites: number;
  readonly species: number;
  readonly balance: number;
  readonly empties: number;
  readonly wrongLabels: number;
  readonly newSites: number;
}

/** The sequences of a season at one site, in the order of time. */
export interface SitePlan {
  readonly site: Site;
  readonly count: number;
  sequences(): Generator<Sequence>;
}

const DAY = 86_400_000;
const SEASON_DAYS = 170;
const FIRST_SEASON = Date.UTC(2010, 6, 1, 6);
const SEASON_SPACING = 182 * DAY;

/** A memory card is changed before the camera's four-digit counter runs over. */
const PICTURES_A_ROLL = 9000;
const PEOPLE = 0.012;
const TWO_SPECIES = 0.08;
/** Of the wrong labels, those that miss the animals. */
const OVERLOOKED = 1 / 3;
const FRAMES_A_SEQUENCE = [0.1, 0.1, 0.8];
/** Among so many sequences one has a truncated frame, one an unreadable frame and at least one shows people. */
const MISHAP_PERIOD = 1000;
const FEWEST_WITH_MISHAPS = 5;

/** Share of a long season's sequences that show people: published counts leave them out, metadata do not. */
export const SHARE_WITH_PEOPLE = PEOPLE + 1 / MISHAP_PERIOD;

/** Plans a season: which site sees what and when. Lazy, so that memory does not grow with the season. */
export function planSeason(season: string, sequences: number, options: SeasonOptions): SitePlan[] {
  const sites = sitesOfSeason(options.seed, sitesOf(options.seed, options.sites), season, options.newSites);
  const total = sites.reduce((sum, site) => sum + site.busyness, 0);
  let before = 0;
  let first = 0;
  return sites.map((site) => {
    before += site.busyness;
    const end = Math.round((sequences * before) / total);
    const range = { first, count: end - first, sequences };
    first = end;
    return { site, count: range.count, sequences: () => planSite(season, site, range, options) };
  });
}

/** All sequences of a season, site by site. */
export function* sequencesOf(plans: readonly SitePlan[]): Generator<Sequence> {
  for (const plan of plans) yield* plan.sequences();
}

interface Range {
  /** Position of the site's first sequence in the season. */
  readonly first: number;
  readonly count: number;
  /** Sequences of the season. */
  readonly sequences: number;
}

function* planSite(season: string, site: Site, range: Range, options: SeasonOptions): Generator<Sequence> {
  const random = new Random(options.seed, 'sequences', season, site.name);
  // A stream of its own: the same animals come by, however many are labelled wrongly.
  const mistakes = new Random(options.seed, 'labels', season, site.name);
  const fauna = new Fauna(options.species, options.balance);
  const start = FIRST_SEASON + (Number(season.slice(1)) - 1) * SEASON_SPACING;
  const interval = (SEASON_DAYS * DAY) / range.count;
  let roll = 1;
  let capture = 0;
  let picture = 0;
  for (let index = 0; index < range.count; index++) {
    if (picture >= PICTURES_A_ROLL) {
      roll++;
      capture = 0;
      picture = 0;
    }
    capture++;
    const time = start + Math.floor(((index + random.next()) * interval) / 1000) * 1000;
    const mishap = mishapOf(range.first + index, range.sequences);
    const people = mishap === 'people' || random.chance(PEOPLE);
    const damage = mishap === 'people' ? undefined : mishap;
    const empty = random.chance(options.empties);
    const sightings = people || (empty && mishap === undefined) ? [] : fauna.sightings(random, time);
    const wrong = sightings.length > 0 && mistakes.chance(options.wrongLabels);
    const labels = wrong ? fauna.mistakenFor(sightings, mistakes, time) : sightings;
    const frames: PlannedFrame[] = [];
    const length = 1 + random.weighted(FRAMES_A_SEQUENCE);
    for (let rank = 1; rank <= length; rank++) {
      picture++;
      const last = rank === length;
      const state = people ? 'missing' : last ? (damage ?? 'good') : 'good';
      frames.push({ fileName: frameName(season, site.name, roll, picture), rank, state });
    }
    const id = sequenceId(season, site.name, roll, capture);
    yield { season, site, id, time, sightings, labels, people, frames };
  }
}

/** Rare cases come at fixed places, so that even a small season has each of them. */
function mishapOf(position: number, sequences: number): 'people' | 'truncated' | 'unreadable' | undefined {
  if (sequences < FEWEST_WITH_MISHAPS) return undefined;
  const period = Math.min(MISHAP_PERIOD, sequences);
  const place = position % period;
  if (place === Math.floor(period * 0.3)) return 'people';
  if (place === Math.floor(period * 0.5)) return 'truncated';
  if (place === Math.floor(period * 0.8)) return 'unreadable';
  return undefined;
}

/** Light outside: 1 at noon, 0 in the night. */
export function daylight(time: number): number {
  const hour = (time % DAY) / (DAY / 24);
  return Math.min(1, Math.max(0, Math.sin(((hour - 6.2) / 12.4) * Math.PI) * 4 + 0.25));
}

class Fauna {
  readonly #species: readonly SpeciesName[];
  readonly #byDay: readonly number[];
  readonly #byNight: readonly number[];

  constructor(count: number, balance: number) {
    this.#species = SPECIES.slice(0, count);
    const weigh = (activity: (species: SpeciesName) => number): number[] =>
      this.#species.map((species) => OCCURRENCE[species].frequency ** balance * activity(species));
    this.#byDay = weigh((species) => 1.02 - OCCURRENCE[species].nocturnal);
    this.#byNight = weigh((species) => 0.02 + OCCURRENCE[species].nocturnal);
  }

  /** One species, sometimes two. */
  sightings(random: Random, time: number): Sighting[] {
    const first = this.#sighting(random, time);
    if (!random.chance(TWO_SPECIES)) return [first];
    const second = this.#sighting(random, time);
    return second.species === first.species ? [first] : [first, second];
  }

  /** Nothing, or another species in the first one's place; with a single species there is no other. */
  mistakenFor([first, ...others]: readonly Sighting[], random: Random, time: number): Sighting[] {
    if (random.chance(OVERLOOKED) || this.#species.length === 1) return [];
    let species = first!.species;
    while (species === first!.species) species = this.#sighting(random, time).species;
    return [{ ...first!, species }, ...others.filter((other) => other.species !== species)];
  }

  #sighting(random: Random, time: number): Sighting {
    const weights = daylight(time) > 0.5 ? this.#byDay : this.#byNight;
    const species = this.#species[random.weighted(weights)]!;
    const { group } = OCCURRENCE[species];
    return { species, count: 1 + Math.floor(group * random.next() ** 2) };
  }
}
