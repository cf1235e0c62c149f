import type { ArtifactId } from '../contracts/artifact';
import type { RunInput } from '../contracts/runInput';
import type { ArchiveSummary } from '../contracts/steps';
import type { RangeReader } from '../seasons';
import type { ArtifactStore } from '../store';

/**
 * Whether frames are read straight from their archives. Always in a store that is far away: there hundreds of thousands
 * of small files cost a request each to write, and reading a frame is one request either way.
 */
export function readsInPlace(store: ArtifactStore, frameSource: RunInput['frameSource']): boolean {
  return frameSource === 'archives' || store.openRemote !== undefined;
}

/** A season's archives for reading, in the catalog's order: paths on this host, or the files where they lie. */
export async function openArchives(store: ArtifactStore, archive: ArtifactId): Promise<(string | RangeReader)[]> {
  if (store.openRemote === undefined) return await archivePaths(store, archive);
  const names = await namesOf(store, archive);
  return await Promise.all(names.map((name) => store.openRemote!(archive, name)));
}

/** A season's archives on this host, in the catalog's order. */
export async function archivePaths(store: ArtifactStore, archive: ArtifactId): Promise<string[]> {
  const artifact = await store.open(archive);
  return (await namesOf(store, archive)).map((name) => artifact.path(name));
}

async function namesOf(store: ArtifactStore, archive: ArtifactId): Promise<string[]> {
  const { summary } = await store.manifest<ArchiveSummary>(archive);
  return summary.files.map((name) => `files/${name}`);
}
