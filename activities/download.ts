import { posix } from 'node:path';
import type { Mirror } from '../lib/contracts/catalog';
import type { WorkOptions } from '../lib/contracts/progress';
import type { IngestInput, Outcome } from '../lib/contracts/run';
import type { ArchiveRef, ArchiveSummary, MetadataRef } from '../lib/contracts/steps';
import { downloadFiles, probeSeason, sourceVersions, type SourceFile } from '../lib/seasons';
import { artifactId, produce, type ArtifactStore, type Production, type Recipe } from '../lib/store';
import { readCatalogArtifact, seasonOf } from './artifacts';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { archiveRecipe, metadataRecipe } from './recipes';

/** Fetches a season's metadata files as they are published. */
export function createDownloadMetadata({ store }: Dependencies) {
  return ({ catalog: catalogRef, season: id }: IngestInput): Promise<Outcome<MetadataRef>> =>
    durable(async (work) => {
      const catalog = await readCatalogArtifact(store, catalogRef);
      const season = seasonOf(catalog, id);
      const { metadata } = await probeSeason(catalog, season, work);
      const recipes = sourceVersions(metadata).map((version) => metadataRecipe(season, version));
      return await produceFiles(store, recipes, { id, mirrors: catalog.mirrors, files: metadata }, work);
    });
}

/** Fetches a season's archives; a killed attempt's segments are kept, and so are those of another worker. */
export function createDownloadArchive({ store }: Dependencies) {
  return ({ catalog: catalogRef, season: id }: IngestInput): Promise<Outcome<ArchiveRef>> =>
    durable(async (work) => {
      const catalog = await readCatalogArtifact(store, catalogRef);
      const season = seasonOf(catalog, id);
      const { archives } = await probeSeason(catalog, season, work);
      const recipes = sourceVersions(archives).map((version) => archiveRecipe(season, version));
      return await produceFiles(store, recipes, { id, mirrors: catalog.mirrors, files: archives }, work);
    });
}

interface PublishedFiles {
  /** Of the season. */
  readonly id: string;
  readonly mirrors: readonly Mirror[];
  readonly files: readonly SourceFile[];
}

/** The same files have as many versions as mirrors: what was made from any of them counts. */
async function produceFiles(
  store: ArtifactStore,
  recipes: readonly Recipe[],
  { id, mirrors, files }: PublishedFiles,
  work: WorkOptions,
): Promise<Production<ArchiveSummary>> {
  for (const recipe of recipes.slice(1)) {
    const ref = await store.find<ArchiveSummary>(artifactId(recipe));
    if (ref !== undefined) return { ref, reused: true };
  }
  return await produce<ArchiveSummary>(store, {
    recipe: recipes[0]!,
    work: async (draft) => {
      const download = await downloadFiles({ mirrors, files, directory: draft.path('files') }, work);
      return { season: id, files: download.files };
    },
    // Hashing would read terabytes again; each entry of a zip has its CRC-32.
    undigested: files.map((file) => `files/${baseName(file)}`),
  });
}

function baseName({ path }: SourceFile): string {
  return posix.basename(path);
}
