import { SerengetiError } from '../contracts/errors';
import { FileStore } from './fileStore';
import type { ArtifactStore } from './store';

export type { Artifact, ArtifactStore, CommitRecord, Draft, DraftFacts, Journal } from './store';
export { artifactId, canonicalJson, digestOf, type Recipe } from './key';
export { produce, type Production, type Step } from './produce';

/**
 * The store at an address.
 *
 * @param uri - `file:///folder/`
 * @throws SerengetiError STORE_UNSUPPORTED for another scheme
 */
export function openStore(uri: string): ArtifactStore {
  if (uri.startsWith('file://')) return new FileStore(uri);
  throw new SerengetiError('STORE_UNSUPPORTED', `The store "${uri}" has no known scheme`, { details: { uri } });
}
