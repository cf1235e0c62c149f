import type { ArtifactId } from '../lib/contracts/artifact';
import type { RunInput } from '../lib/contracts/runInput';
import type { ArchiveSummary } from '../lib/contracts/steps';
import type { RangeReader } from '../lib/seasons';
import type { ArtifactStore } from '../lib/store';

/**
 * Whether frames are read straight from their archives. Always in a store that is far away: there hundreds of thousands
 * of small files cost a request each to write, and reading a frame is one request either way.
 */
export function readsInPlace(store: ArtifactStore, unzip: RunInput['unzip']): boolean {
  return unzip === 'in-place' || store.openRemote !== undefined;
}

/** A season's archives for reading, in the catalog's order: paths on this host, or the files where they lie. */
export async function openArchives(store: ArtifactStore, archive: ArtifactId): Promise<(string | RangeReader)[]> {
  const { summary } = await store.manifest<ArchiveSummary>(archive);
  const names = summary.files.map((name) => `files/${name}`);
  if (store.openRemote !== undefined) return await Promise.all(names.map((name) => store.openRemote!(archive, name)));
  const artifact = await store.open(archive);
  return names.map((name) => artifact.path(name));
}
