import { catalogSchema, type Catalog, type SeasonMetadata } from '../../../../lib/contracts/catalog';

/** A sequence of a small season that any format can tell of. */
export interface Described {
  /** `SER_S1#B04#1#1`: season, site, roll, capture. */
  readonly id: string;
  readonly labels: readonly string[];
  readonly frames: readonly DescribedFrame[];
}

export interface DescribedFrame {
  readonly name: string;
  /** `YYYY-MM-DD HH:MM:SS`. */
  readonly time: string;
}

/** Frame n is taken at minute n of July; its name follows from its number and its sequence's site. */
export function sequence(id: string, labels: readonly string[], numbers: readonly number[]): Described {
  const [season, site = ''] = id.replace('SER_', '').split('#');
  return {
    id,
    labels,
    frames: numbers.map((number) => ({
      name: `${season}/${site}/${site}_R1/${season}_${site}_R1_PICT${String(number).padStart(4, '0')}.JPG`,
      time: new Date(Date.UTC(2010, 6, 1, 6, number)).toISOString().slice(0, 19).replace('T', ' '),
    })),
  };
}

/** Six sequences at two sites: one of two species, one of people, two empty. */
export const SEASON: readonly Described[] = [
  sequence('SER_S1#B04#1#1', ['zebra'], [1, 2, 3]),
  sequence('SER_S1#B04#1#2', ['empty'], [4]),
  sequence('SER_S1#B04#1#10', ['zebra', 'buffalo'], [5, 6]),
  sequence('SER_S1#C01#1#1', ['human'], [7, 8]),
  sequence('SER_S1#C01#1#2', ['lionFemale'], [9, 10]),
  sequence('SER_S1#C01#2#3', ['blank'], [11]),
];

export const OTHER_SEASON: readonly Described[] = [
  sequence('SER_S2#B04#1#1', ['zebra'], [1]),
  sequence('SER_S2#D09#1#1', ['empty'], [2, 3]),
];

export const CLASSES = ['buffalo', 'empty', 'lionfemale', 'zebra'];

/** A catalog of seasons with this metadata. */
export function catalogOf(
  metadata: SeasonMetadata | readonly SeasonMetadata[],
  changes: Partial<Catalog> = {},
  seasons = ['S1'],
): Catalog {
  const perSeason = Array.isArray(metadata) ? metadata : seasons.map(() => metadata);
  return catalogSchema.parse({
    name: 'test',
    mirrors: [{ name: 'here', url: 'file:///nowhere/' }],
    classes: CLASSES,
    classMapping: { human: null },
    seasons: seasons.map((id, position) => ({ id, archives: [], metadata: perSeason[position] })),
    ...changes,
  });
}

export function allFrames(season: readonly Described[]): DescribedFrame[] {
  return season.flatMap(({ frames }) => frames);
}

/** The directory of a season's archive, `entries.csv`; the CRC-32 of the first frame is ffffff00, of the next …01. */
export function entriesCsv(names: readonly string[]): string {
  const rows = names.map(
    (name, position) => `${name},S1.zip,${position * 100},90,90,${(0xffffff00 + position).toString(16)},0\n`,
  );
  return `name,archive,offset,compressedBytes,bytes,crc32,method\n${rows.join('')}`;
}
