import type { ArtifactId } from '../lib/contracts/artifact';
import type { WorkOptions } from '../lib/contracts/progress';
import type { RunInput } from '../lib/contracts/runInput';
import { listArchives, listLocalArchives, type Extraction, type RangeReader } from '../lib/seasons';
import type { ArtifactStore } from '../lib/store';

/**
 * Whether frames are read straight from their archives. Always in a store that is far away: there hundreds of thousands
 * of small files cost a request each to write, and reading a frame is one request either way.
 */
export function readsInPlace(store: ArtifactStore, unzip: RunInput['unzip']): boolean {
  return unzip === 'in-place' || store.openRemote !== undefined;
}

/** A season's archives for reading: paths on this host, or the files where they lie. */
export async function openArchives(store: ArtifactStore, archive: ArtifactId): Promise<(string | RangeReader)[]> {
  const names = (await store.manifest(archive)).files.map(({ name }) => name);
  if (store.openRemote !== undefined) return await Promise.all(names.map((name) => store.openRemote!(archive, name)));
  const artifact = await store.open(archive);
  return names.map((name) => artifact.path(name));
}

/** Lists a season's archives into `directory`; frames stay where they are. */
export async function listInPlace(
  store: ArtifactStore,
  archive: ArtifactId,
  directory: string,
  work: WorkOptions,
): Promise<Extraction> {
  const archives = await openArchives(store, archive);
  const readers = archives.filter((opened) => typeof opened !== 'string');
  if (readers.length > 0) return await listArchives({ archives: readers, directory }, work);
  return await listLocalArchives({ archives: archives as string[], directory }, work);
}
