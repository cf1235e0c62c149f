import { posix } from 'node:path';
import type { Catalog, Season } from '../lib/contracts/catalog';
import { SerengetiError } from '../lib/contracts/errors';
import type { WorkOptions } from '../lib/contracts/progress';
import type { IngestInput } from '../lib/contracts/run';
import { areRanged, probeSeason, sourceVersions, type SourceFile } from '../lib/seasons';
import type { ArtifactStore, Recipe } from '../lib/store';
import { readCatalogArtifact, seasonOf } from './artifacts';
import { archiveRecipe, looseFramesRecipe, remoteFramesRecipe } from './recipes';

/** A season of a run's catalog. */
export interface CatalogSeason {
  readonly catalog: Catalog;
  readonly season: Season;
}

export async function openSeason(
  store: ArtifactStore,
  { catalog: ref, season: id }: Pick<IngestInput, 'catalog' | 'season'>,
): Promise<CatalogSeason> {
  const catalog = await readCatalogArtifact(store, ref);
  return { catalog, season: seasonOf(catalog, id) };
}

/** How the frames of a season can be had without its archives on this side of the wire. */
export type RemoteSource =
  | { readonly form: 'remote'; readonly archives: readonly SourceFile[]; readonly recipes: readonly Recipe[] }
  | { readonly form: 'loose'; readonly folder: string; readonly recipes: readonly Recipe[] };

/**
 * Finds out where single frames can be read: in the archives at the mirrors, else where they lie loose.
 *
 * @throws SerengetiError SOURCE_UNSUITABLE where neither is possible
 */
export async function remoteSourceOf({ catalog, season }: CatalogSeason, work: WorkOptions): Promise<RemoteSource> {
  if (season.archives.length > 0) {
    const { archives } = await probeSeason(catalog, season, work);
    if (areRanged(archives)) {
      const recipes = sourceVersions(archives).map((version) => remoteFramesRecipe(season, version));
      return { form: 'remote', archives, recipes };
    }
  }
  if (season.frames !== undefined) {
    return { form: 'loose', folder: season.frames, recipes: [looseFramesRecipe(catalog, season, season.frames)] };
  }
  throw new SerengetiError(
    'SOURCE_UNSUITABLE',
    season.archives.length === 0
      ? `Season ${season.id} has neither archives nor a folder of loose frames in the catalog`
      : `No mirror gives parts of the archives of season ${season.id}, and the catalog names no folder of loose frames`,
    { details: { season: season.id } },
  );
}

/** The season's archives at their mirrors, and the recipe of their download by each mirror's word for the version. */
export async function archivesOf(
  { catalog, season }: CatalogSeason,
  work: WorkOptions,
): Promise<{ readonly files: readonly SourceFile[]; readonly recipes: readonly Recipe[] }> {
  const { archives } = await probeSeason(catalog, season, work);
  return { files: archives, recipes: sourceVersions(archives).map((version) => archiveRecipe(season, version)) };
}

/** A limit as workflows carry it, for the library. */
export function limitOf({ bytesPerSecond }: { readonly bytesPerSecond?: number | null | undefined }): {
  readonly bytesPerSecond?: number;
} {
  return bytesPerSecond == null ? {} : { bytesPerSecond };
}

export function baseName({ path }: SourceFile): string {
  return posix.basename(path);
}

export function bytesOf(files: readonly SourceFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
