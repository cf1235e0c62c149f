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
  /** Whether their entries are checked by CRC-32 when they are read: then terabytes need not be read again for digests. */
  readonly checkedByEntry: boolean;
}

/** The same files have as many versions as mirrors: what was made from any of them counts. */
export async function produceFiles(
  store: ArtifactStore,
  { catalog: { mirrors }, season: { id } }: CatalogSeason,
  { files, recipes, checkedByEntry }: PublishedFiles,
  work: TransferOptions,
): Promise<Production<ArchiveSummary>> {
  const ref = await findFirst<ArchiveSummary>(store, recipes.slice(1));
  if (ref !== undefined) return { ref, reused: true };
  return await produce<ArchiveSummary>(
    store,
    {
      recipe: recipes[0]!,
      work: async (draft) => {
        const fetch = checkedByEntry && draft.send !== undefined ? sendInto : downloadInto;
        return { season: id, files: (await fetch(draft, { mirrors, files }, work)).files };
      },
      undigested: checkedByEntry ? files.map((file) => `files/${baseName(file)}`) : [],
    },
    work,
  );
}

/** Straight into a store that is far away: a host has no room for terabytes. */
async function sendInto(draft: Draft, request: FilesRequest, work: TransferOptions): Promise<FilesTransferred> {
  const send: SendRequest['send'] = (name, bytes, signal) => draft.send!(`files/${name}`, bytes, signal);
  return await sendFiles({ ...request, send }, work);
}

function downloadInto(draft: Draft, request: FilesRequest, work: TransferOptions): Promise<FilesTransferred> {
  return downloadFiles({ ...request, directory: draft.path('files') }, work);
}
