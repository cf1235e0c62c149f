import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../../../../lib/contracts/catalog';
import { frameOptionsSchema, type FrameOptions } from '../../../../lib/contracts/runInput';
import type { PickSummary } from '../../../../lib/contracts/steps';
import {
  indexSeasons,
  pickFrames,
  readPickCounts,
  readPickedFrames,
  type PickFramesInput,
  type SeasonIndex,
} from '../../../../lib/metadata';
import type { PickCounts, PickedFrame } from '../../../../lib/contracts/pick';
import { FORMATS } from './formats';
import { catalogOf, sequence, type Described } from './season';

/**
 * A season of so many sequences: of ten, seven are empty, two show a zebra, one a buffalo; one zebra in five has a
 * lioness beside it. Three frames each, four sites.
 */
export function manySequences(season: string, count: number, sites = ['A01', 'A02', 'A03', 'A04']): Described[] {
  return Array.from({ length: count }, (_, number) => {
    const site = sites[number % sites.length]!;
    return sequence(`SER_${season}#${site}#1#${number}`, labelsOf(number), [
      3 * number,
      3 * number + 1,
      3 * number + 2,
    ]);
  });
}

function labelsOf(number: number): string[] {
  if (number % 10 < 7) return ['empty'];
  if (number % 10 === 9) return ['buffalo'];
  return number % 50 === 8 ? ['zebra', 'lionfemale'] : ['zebra'];
}

/** Indexes of seasons and the catalog they are in. */
export interface IndexedSeasons {
  readonly catalog: Catalog;
  readonly indexes: readonly SeasonIndex[];
}

/** Indexes seasons below the folder. */
export async function indexedSeasons(
  folder: string,
  seasons: Readonly<Record<string, readonly Described[]>>,
): Promise<IndexedSeasons> {
  const written = await FORMATS['competition-csv'](folder, Object.values(seasons).flat());
  const catalog = catalogOf(written.metadata, {}, Object.keys(seasons));
  const indexes = catalog.seasons.map((season) => ({ season: season.id, directory: join(folder, season.id) }));
  for (const { directory } of indexes) await mkdir(directory, { recursive: true });
  await indexSeasons({
    catalog,
    metadataFiles: written.files,
    seasons: catalog.seasons.map((season, position) => ({ season, directory: indexes[position]!.directory })),
  });
  return { catalog, indexes };
}

export interface Picked {
  readonly directory: string;
  readonly summary: PickSummary;
  readonly frames: PickedFrame[];
  readonly counts: PickCounts;
}

let picks = 0;

/** Picks below the folder: by default all seasons but the last train, and nothing is dropped. */
export async function picked(
  folder: string,
  { catalog, indexes }: IndexedSeasons,
  options: Partial<FrameOptions> = {},
  changes: Partial<PickFramesInput> = {},
): Promise<Picked> {
  const directory = changes.directory ?? join(folder, `pick-${picks++}`);
  await mkdir(directory, { recursive: true });
  const seasons = indexes.map(({ season }) => season);
  const summary = await pickFrames({
    indexes,
    catalog,
    trainSeasons: seasons.slice(0, -1),
    validationSeasons: seasons.slice(-1),
    options: frameOptionsSchema.parse({ keepEmpties: 1, ...options }),
    seed: 1,
    ...changes,
    directory,
  });
  return {
    directory,
    summary,
    frames: await readPickedFrames(directory),
    counts: await readPickCounts(directory),
  };
}
