import type { ArtifactId, Manifest } from '../contracts/artifact';
import { isSerengetiError } from '../contracts/errors';
import type { ArtifactStore } from '../store';

/**
 * Manifests of artifacts and of all that they were made from, as far as it is still in the store; each once, what was
 * made first before what was made of it.
 */
export async function lineageOf(store: ArtifactStore, ids: readonly ArtifactId[]): Promise<Manifest[]> {
  const found = new Map<string, Manifest>();
  const visited = new Set<string>();
  const visit = async (id: ArtifactId): Promise<void> => {
    if (visited.has(id.key)) return;
    visited.add(id.key);
    const manifest = await manifestIfThere(store, id);
    if (manifest === undefined) return;
    for (const input of [...manifest.inputs, ...(manifest.sources ?? [])]) await visit(input);
    found.set(id.key, manifest);
  };
  for (const id of ids) await visit(id);
  return [...found.values()];
}

/** Archives may have been removed since their frames were extracted. */
async function manifestIfThere(store: ArtifactStore, id: ArtifactId): Promise<Manifest | undefined> {
  try {
    return await store.manifest(id);
  } catch (error) {
    if (isSerengetiError(error) && error.code === 'ARTIFACT_MISSING') return undefined;
    throw error;
  }
}
