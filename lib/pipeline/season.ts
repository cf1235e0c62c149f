import { posix } from 'node:path';
import type { Catalog, Season } from '../contracts/catalog';
import { SerengetiError } from '../contracts/errors';
import type { WorkOptions } from '../contracts/progress';
import type { IngestInput } from '../contracts/run';
import type { FramesRef, FramesSummary } from '../contracts/steps';
import {
  areRanged,
  probeArchives,
  probeMetadata,
  sourceVersions,
  type SourceFile,
  type TransferOptions,
} from '../seasons';
import { artifactId, findFirst, type ArtifactStore, type Recipe } from '../store';
import { readCatalogArtifact, seasonOf } from './artifacts';
import { readsInPlace } from './archives';
import {
  archivedFramesRecipe,
  archiveRecipe,
  extractedFramesRecipe,
  looseFramesRecipe,
  metadataRecipe,
  remoteFramesRecipe,
} from './recipes';

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

/** Whether a season's archives are downloaded: those that have none, or are wanted frame by frame, stay at the mirrors. */
export function isDownloaded({ season }: CatalogSeason, { acquire }: Pick<IngestInput, 'acquire'>): boolean {
  return acquire === 'archives' && season.archives.length > 0;
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
    const archives = await probeArchives(catalog, season, work);
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
  const files = await probeArchives(catalog, season, work);
  return { files, recipes: sourceVersions(files).map((version) => archiveRecipe(season, version)) };
}

/** The same for its metadata. */
export async function metadataOf(
  { catalog, season }: CatalogSeason,
  work: WorkOptions,
): Promise<{ readonly files: readonly SourceFile[]; readonly recipes: readonly Recipe[] }> {
  const files = await probeMetadata(catalog, season, work);
  return { files, recipes: sourceVersions(files).map((version) => metadataRecipe(season, version)) };
}

/** A season's frames that were made of its archives before, in the form that the run asks for. */
export async function findFramesOf(
  store: ArtifactStore,
  archives: readonly Recipe[],
  unzip: IngestInput['unzip'],
): Promise<FramesRef | undefined> {
  const ids = archives.map(artifactId);
  if (!readsInPlace(store, unzip)) return await findFirst<FramesSummary>(store, ids.map(extractedFramesRecipe));
  // Frames that were extracted need their archives no longer; those that are read in place do.
  const there = await Promise.all(ids.map((id) => store.find(id)));
  const kept = ids.filter((_, position) => there[position] !== undefined);
  return await findFirst<FramesSummary>(store, kept.map(archivedFramesRecipe));
}

/** A step's options with the limit on downloads that its workflow carries. */
export function limited(
  work: WorkOptions,
  { bytesPerSecond }: { readonly bytesPerSecond?: number | null | undefined },
): TransferOptions {
  return bytesPerSecond == null ? work : { ...work, bytesPerSecond };
}

export function baseName({ path }: SourceFile): string {
  return posix.basename(path);
}

export function bytesOf(files: readonly SourceFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
