import { Registry } from '../../lib/registry';
import { openStore, type ArtifactStore } from '../../lib/store';
import { readSettings } from '../../workers/settings';

/** The store of this process's settings, and the registry in it. */
export function openRegistry(): { readonly store: ArtifactStore; readonly registry: Registry } {
  const store = openStore(readSettings().store);
  return { store, registry: new Registry(store) };
}
