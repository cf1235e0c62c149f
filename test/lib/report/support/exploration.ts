import type { Exploration, GallerySequence } from '../../../../lib/contracts/exploration';
import { randomNumbers } from '../../../support/random';
import { SERENGETI_CLASSES } from './validation';

export interface ImaginedData {
  readonly classes?: readonly string[];
  readonly seasons?: number;
  readonly sites?: number;
  /** Of one season. */
  readonly sequences?: number;
  readonly seed?: number;
}

/** What the index of some seasons may add up to, drawn by seed. */
export function imaginedExploration(options: ImaginedData = {}): Exploration {
  const {
    classes = SERENGETI_CLASSES,
    seasons: seasonCount = 10,
    sites = 225,
    sequences = 245_000,
    seed = 1,
  } = options;
  const random = randomNumbers(seed);
  const seasons = Array.from({ length: seasonCount }, (_, index) => {
    const all = Math.round(sequences * (0.6 + 0.8 * random()));
    return {
      season: `S${index + 1}`,
      frames: Math.round(all * 2.7),
      sequences: all,
      sites: Math.round(sites * (0.6 + 0.3 * random())),
      empties: Math.round(all * (0.7 + 0.1 * random())),
      framesNotInArchive: Math.round(all * 0.03 * random()),
      filesNotInMetadata: Math.round(30 * random()),
      corruptFrames: Math.round(90 * random()),
      rejectedRows: 0,
      excludedSequences: Math.round(400 * random()),
      first: `${2010 + Math.floor(index / 2)}-0${1 + 5 * (index % 2)}-03`,
      last: `${2010 + Math.floor(index / 2)}-${index % 2 === 0 ? '06' : '12'}-27`,
    };
  });
  const total = seasons.reduce((sum, season) => sum + season.sequences, 0);
  const empties = seasons.reduce((sum, season) => sum + season.empties, 0);
  const perClass = classes.map((className) => {
    const share = className === 'empty' ? empties / total : 0.06 * Math.exp(-9 * random());
    const nightly = random() < 0.35;
    const counts = seasons.map(
      ({ season, sequences: all }) => [season, Math.round(all * share * (0.5 + random()))] as const,
    );
    const sum = counts.reduce((all, [, value]) => all + value, 0);
    const weights = Array.from({ length: 24 }, (_, hour) => {
      const day = Math.exp(-(((hour - 12) / 4.5) ** 2));
      return (nightly ? 1 - 0.95 * day : 0.05 + day) * (0.7 + 0.6 * random());
    });
    const whole = weights.reduce((all, weight) => all + weight, 0);
    return {
      className,
      sequences: sum,
      perSeason: Object.fromEntries(counts.filter(([, value]) => value > 0)),
      sites: Math.min(sites, Math.round(sum / 40)),
      hours: weights.map((weight) => Math.round((sum * weight) / whole)),
      months: Object.fromEntries(
        seasons.flatMap(({ first }, index) =>
          Array.from({ length: 6 }, (_, month) => {
            const number = Number(first.slice(5, 7)) + month;
            return [
              `${first.slice(0, 4)}-${String(number).padStart(2, '0')}`,
              Math.round((counts[index]![1] / 6) * (0.6 + 0.8 * random())),
            ] as const;
          }),
        ),
      ),
    };
  });
  return {
    catalog: 'snapshot-serengeti',
    classes,
    emptyClass: 'empty',
    seasons,
    framesPerSequence: [1, 2, 3, 4, 5, 6, 9, 12, 50].map((frames, index) => ({
      frames,
      sequences: Math.max(1, Math.round(total * (frames === 3 ? 0.6 : 0.3 / 4 ** index))),
    })),
    speciesPerSequence: [empties, total - empties, 21_000, 900, 12].map((count, species) => ({
      species,
      sequences: count,
    })),
    perClass,
    sites: Array.from({ length: sites }, (_, index) => {
      const all = Math.round((2 * total * random()) / sites) + 1;
      return {
        site: `${String.fromCharCode(66 + (index % 20))}${String(Math.floor(index / 20) + 1).padStart(2, '0')}`,
        frames: Math.round(all * 2.7),
        sequences: all,
        empties: Math.round(all * Math.min(1, 0.4 + 0.6 * random())),
        species: Math.round(4 + 40 * random()),
        seasons: seasons.filter(() => random() < 0.7).map(({ season }) => season),
      };
    }),
    undatedSequences: 1204,
    split: {
      trainSeasons: seasons.slice(0, -1).map(({ season }) => season),
      validationSeasons: seasons.slice(-1).map(({ season }) => season),
      sharedSites: ['B01', 'B02', 'C04'],
      trainOnlySites: 31,
      validationOnlySites: 2,
      trainOnlyClasses: ['zorilla'],
      validationOnlyClasses: [],
    },
  };
}

export function imaginedGallery(
  classes: readonly string[] = SERENGETI_CLASSES,
  perClass = 6,
): readonly GallerySequence[] {
  return classes.flatMap((className, index) =>
    Array.from({ length: perClass }, (_, place) => ({
      season: 'S3',
      site: `B0${1 + (place % 9)}`,
      sequence: `SER_S3#B0${1 + (place % 9)}#1#${index * 100 + place}`,
      labels: [className],
      datetime: '2011-07-20 06:12:44',
      fileNames: Array.from(
        { length: 1 + ((index + place) % 3) },
        (_, frame) => `S3/${className}-${place}-${frame}.JPG`,
      ),
    })),
  );
}
