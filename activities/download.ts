import { posix } from 'node:path';
import type { Catalog } from '../lib/contracts/catalog';
import type { Progress, WorkOptions } from '../lib/contracts/progress';
import type { IngestInput, Outcome } from '../lib/contracts/run';
import type { ArchiveRef, ArchiveSummary, MetadataRef, MetadataSummary } from '../lib/contracts/steps';
import { downloadFile, probeSeason, sourceVersions, type SourceFile } from '../lib/seasons';
import { artifactId, produce, type ArtifactStore, type Draft, type Production, type Recipe } from '../lib/store';
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
      return await produceFiles<MetadataSummary>(store, recipes, metadata, (draft) =>
        downloadFiles(catalog, metadata, draft, work).then((files) => ({ season: id, files })),
      );
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
      return await produceFiles<ArchiveSummary>(store, recipes, archives, (draft) =>
        downloadFiles(catalog, archives, draft, work).then((files) => ({ season: id, files })),
      );
    });
}

/** The same files have as many versions as mirrors: what was made from any of them counts. */
async function produceFiles<S extends object>(
  store: ArtifactStore,
  recipes: readonly Recipe[],
  files: readonly SourceFile[],
  work: (draft: Draft) => Promise<S>,
): Promise<Production<S>> {
  for (const recipe of recipes.slice(1)) {
    const ref = await store.find<S>(artifactId(recipe));
    if (ref !== undefined) return { ref, reused: true };
  }
  return await produce<S>(store, {
    recipe: recipes[0]!,
    work,
    // Hashing would read terabytes again; each entry of a zip has its CRC-32.
    undigested: files.map((file) => `files/${baseName(file)}`),
  });
}

async function downloadFiles(
  { mirrors }: Catalog,
  files: readonly SourceFile[],
  draft: Draft,
  work: WorkOptions,
): Promise<string[]> {
  const overall = new OverallProgress(files, work);
  for (const [position, file] of files.entries()) {
    await downloadFile(
      { mirrors, file, target: draft.path(`files/${baseName(file)}`) },
      { ...work, onProgress: overall.of(position) },
    );
  }
  return files.map(baseName);
}

function baseName({ path }: SourceFile): string {
  return posix.basename(path);
}

/** The progress of several files as one. */
class OverallProgress {
  readonly #files: Progress[];

  constructor(
    files: readonly SourceFile[],
    private readonly work: WorkOptions,
  ) {
    this.#files = files.map(({ bytes }) => ({ done: 0, total: bytes, unit: 'bytes' }));
  }

  of(position: number): (progress: Progress) => void {
    return (progress) => {
      this.#files[position] = progress;
      const totals = this.#files.map(({ total }) => total);
      const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
      this.work.onProgress?.({
        done: sum(this.#files.map(({ done }) => done)),
        ...(totals.includes(undefined) ? {} : { total: sum(totals as number[]) }),
        reused: sum(this.#files.map(({ reused = 0 }) => reused)),
        unit: 'bytes',
        note: progress.note,
      });
    };
  }
}
