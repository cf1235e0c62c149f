import { posix } from 'node:path';
import type { Catalog, Season } from '../contracts/catalog';
import type { WorkOptions } from '../contracts/progress';
import type { IngestInput } from '../contracts/run';
import type { SourceFile, TransferOptions } from '../seasons';
import { readCatalogArtifact, seasonOf } from './artifacts';
import type { Dependencies } from './task';

/** A season of a run's catalog. */
export interface CatalogSeason {
  readonly catalog: Catalog;
  readonly season: Season;
}

export async function openSeason(
  dependencies: Dependencies,
  { catalog: ref, season: id }: Pick<IngestInput, 'catalog' | 'season'>,
): Promise<CatalogSeason> {
  const catalog = await readCatalogArtifact(dependencies, ref);
  return { catalog, season: seasonOf(catalog, id) };
}

/** Whether a season's archives are downloaded: those that have none, or are wanted frame by frame, stay at the mirrors. */
export function isDownloaded({ season }: CatalogSeason, { frameSource }: Pick<IngestInput, 'frameSource'>): boolean {
  return frameSource !== 'mirrors' && season.archives.length > 0;
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
