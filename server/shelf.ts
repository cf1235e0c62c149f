import type { ArtifactKind, Manifest } from '../lib/contracts/artifact';
import type { ArtifactStore } from '../lib/store';

const FRESH_MILLISECONDS = 15_000;
/** Listing a large bucket takes long: it may take so much of the time, and no more. */
const SHARE = 10;

interface Listing {
  readonly manifests: Promise<Manifest[]>;
  /** When it is looked at again; unknown while it is being made. */
  staleAt: number;
}

/**
 * What a store has, as of a moment ago. Many readers share one listing; where it is old they get it all the same, and the
 * next one is made meanwhile.
 */
export class Shelf implements Pick<ArtifactStore, 'list'> {
  readonly #store: Pick<ArtifactStore, 'list'>;
  readonly #listings = new Map<ArtifactKind, Listing>();
  readonly #renewing = new Set<ArtifactKind>();

  constructor(store: Pick<ArtifactStore, 'list'>) {
    this.#store = store;
  }

  /** Newest first. */
  async list(kind: ArtifactKind): Promise<Manifest[]> {
    const known = this.#listings.get(kind);
    if (known === undefined) return await this.#look(kind);
    if (Date.now() > known.staleAt) this.#renew(kind);
    return await known.manifests;
  }

  /** The first look: everybody waits for it, and one that fails is forgotten. */
  async #look(kind: ArtifactKind): Promise<Manifest[]> {
    const started = Date.now();
    const listing: Listing = { manifests: this.#store.list(kind), staleAt: Infinity };
    this.#listings.set(kind, listing);
    try {
      const manifests = await listing.manifests;
      listing.staleAt = staleAfter(started);
      return manifests;
    } catch (error) {
      this.#listings.delete(kind);
      throw error;
    }
  }

  /** A look that fails leaves what was known, and the next reader makes another one. */
  #renew(kind: ArtifactKind): void {
    if (this.#renewing.has(kind)) return;
    this.#renewing.add(kind);
    const started = Date.now();
    this.#store
      .list(kind)
      .then(
        (manifests) =>
          this.#listings.set(kind, { manifests: Promise.resolve(manifests), staleAt: staleAfter(started) }),
        (error: unknown) =>
          process.emitWarning(`The ${kind} artifacts could not be listed: ${(error as Error).message}`),
      )
      .finally(() => this.#renewing.delete(kind));
  }
}

function staleAfter(started: number): number {
  const now = Date.now();
  return now + Math.max(FRESH_MILLISECONDS, SHARE * (now - started));
}
