import type { Mirror } from '../lib/contracts/catalog';
import type { IngestInput, Outcome } from '../lib/contracts/run';
import type { ArchiveRef, ArchiveSummary, MetadataRef } from '../lib/contracts/steps';
import {
  areRanged,
  downloadFiles,
  probeSeason,
  sendFiles,
  sourceVersions,
  type DownloadOptions,
  type FilesDownload,
  type SendRequest,
  type SourceFile,
} from '../lib/seasons';
import { artifactId, produce, type ArtifactStore, type Draft, type Production, type Recipe } from '../lib/store';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { metadataRecipe } from './recipes';
import { archivesOf, baseName, limitOf, openSeason } from './season';

/** Fetches a season's metadata files as they are published. */
export function createDownloadMetadata({ store }: Dependencies) {
  return (input: SeasonInput): Promise<Outcome<MetadataRef>> =>
    durable(async (work) => {
      const { catalog, season } = await openSeason(store, input);
      const { metadata } = await probeSeason(catalog, season, work);
      const recipes = sourceVersions(metadata).map((version) => metadataRecipe(season, version));
      return await produceFiles(
        store,
        recipes,
        { id: season.id, mirrors: catalog.mirrors, files: metadata },
        {
          ...work,
          ...limitOf(input),
        },
      );
    });
}

/** Fetches a season's archives; a killed attempt's segments are kept, and so are those of another worker. */
export function createDownloadArchive({ store }: Dependencies) {
  return (input: SeasonInput): Promise<Outcome<ArchiveRef>> =>
    durable(async (work) => {
      const season = await openSeason(store, input);
      const { files, recipes } = await archivesOf(season, work);
      return await produceFiles(
        store,
        recipes,
        { id: input.season, mirrors: season.catalog.mirrors, files },
        {
          ...work,
          ...limitOf(input),
        },
      );
    });
}

type SeasonInput = Pick<IngestInput, 'catalog' | 'season' | 'bytesPerSecond'>;

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
  work: DownloadOptions,
): Promise<Production<ArchiveSummary>> {
  for (const recipe of recipes.slice(1)) {
    const ref = await store.find<ArchiveSummary>(artifactId(recipe));
    if (ref !== undefined) return { ref, reused: true };
  }
  return await produce<ArchiveSummary>(
    store,
    {
      recipe: recipes[0]!,
      work: async (draft) => ({ season: id, files: (await fetchInto(draft, { mirrors, files }, work)).files }),
      // Hashing would read terabytes again; each entry of a zip has its CRC-32.
      undigested: files.map((file) => `files/${baseName(file)}`),
    },
    work,
  );
}

/** Straight into the store where that is far away and the mirrors send parts; else into the draft's folder. */
async function fetchInto(
  draft: Draft,
  { mirrors, files }: Pick<PublishedFiles, 'mirrors' | 'files'>,
  work: DownloadOptions,
): Promise<FilesDownload> {
  if (draft.send !== undefined && areRanged(files)) {
    const send: SendRequest['send'] = (name, bytes, signal) => draft.send!(`files/${name}`, bytes, signal);
    return await sendFiles({ mirrors, files, send }, work);
  }
  return await downloadFiles({ mirrors, files, directory: draft.path('files') }, work);
}
