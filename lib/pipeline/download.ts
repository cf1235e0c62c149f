import type { ArchiveSummary } from '../contracts/steps';
import {
  downloadFiles,
  sendFiles,
  type FilesRequest,
  type FilesTransferred,
  type SendRequest,
  type SourceFile,
  type TransferOptions,
} from '../seasons';
import { findFirst, produce, type ArtifactStore, type Draft, type Production, type Recipe } from '../store';
import { baseName, type CatalogSeason } from './season';

/** Files of a season at their mirrors. */
export interface PublishedFiles {
  readonly files: readonly SourceFile[];
  /** Of their download, by each mirror's word for the version. */
  readonly recipes: readonly Recipe[];
}

/** The same files have as many versions as mirrors: what was made from any of them counts. */
export async function produceFiles(
  store: ArtifactStore,
  { catalog: { mirrors }, season: { id } }: CatalogSeason,
  { files, recipes }: PublishedFiles,
  work: TransferOptions,
): Promise<Production<ArchiveSummary>> {
  const ref = await findFirst<ArchiveSummary>(store, recipes.slice(1));
  if (ref !== undefined) return { ref, reused: true };
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

/** Straight into the store where that is far away; else into the draft's folder. */
async function fetchInto(draft: Draft, request: FilesRequest, work: TransferOptions): Promise<FilesTransferred> {
  if (draft.send === undefined) return await downloadFiles({ ...request, directory: draft.path('files') }, work);
  const send: SendRequest['send'] = (name, bytes, signal) => draft.send!(`files/${name}`, bytes, signal);
  return await sendFiles({ ...request, send }, work);
}
