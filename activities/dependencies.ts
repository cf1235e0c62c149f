import type { ArtifactStore } from '../lib/store';

/** What a worker gives its activities. */
export interface Dependencies {
  readonly store: ArtifactStore;
  /** Address of the sample catalog, where one is served. */
  readonly sampleUrl?: string | undefined;
}
