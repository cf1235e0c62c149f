import type { ArtifactId, ArtifactRef, Manifest } from '../contracts/artifact';

/**
 * Where the results live. An artifact appears whole or not at all: it exists when its manifest does.
 *
 * Drafts outlive processes. A killed step's successor opens the same draft and finds what was finished, so everything
 * that is put into a draft must appear atomically and be the same whoever writes it.
 */
export interface ArtifactStore {
  readonly uri: string;
  /** The artifact, if it is complete. */
  find<S>(id: ArtifactId): Promise<ArtifactRef<S> | undefined>;
  /** @throws SerengetiError ARTIFACT_MISSING */
  manifest<S>(id: ArtifactId): Promise<Manifest<S>>;
  /** @throws SerengetiError ARTIFACT_MISSING */
  open(id: ArtifactId): Promise<Artifact>;
  /** The artifact's draft, new or as a killed predecessor left it. */
  draft(id: ArtifactId): Promise<Draft>;
  /** All complete artifacts of a kind, newest first. */
  list(kind: ArtifactId['kind']): Promise<Manifest[]>;
  /** Removes an artifact in one step: it is there whole or not at all, also when this is killed. Nothing to remove is no error. */
  remove(id: ArtifactId): Promise<void>;
  /** All drafts, those of dead runs among them; oldest change first. */
  drafts(): Promise<DraftFacts[]>;
  /** The journal of this name (letters only), new or as it is. */
  journal(name: string): Journal;
}

/** A draft as it lies there. */
export interface DraftFacts extends ArtifactId {
  readonly bytes: number;
  /** When something in it changed last, ISO 8601. */
  readonly changedAt: string;
}

/**
 * What changes in a store of things that do not: a list that only grows. Writers race for the next position, and one of
 * them gets it; the others read again and decide anew.
 */
export interface Journal {
  /** All entries, first to last. */
  read(): Promise<string[]>;
  /**
   * Adds an entry, whole or not at all.
   *
   * @param position - how many entries there are before it, as the writer read them
   * @returns whether it was added; `false` when another writer has added one since
   */
  append(position: number, entry: string): Promise<boolean>;
}

/** A complete artifact, for reading. */
export interface Artifact {
  readonly id: ArtifactId;
  /** Path on this host of a file or folder of the artifact, with the artifact's own relative name. */
  path(name: string): string;
}

/** An artifact in the making: a folder on this host. */
export interface Draft {
  readonly id: ArtifactId;
  /** Path on this host for a file or folder of the artifact. */
  path(name: string): string;
  /**
   * Makes the draft an artifact: digests its files, writes the manifest, and moves the folder into place in one step.
   * When another worker committed the same artifact first, that one stays.
   */
  commit<S extends object>(record: CommitRecord<S>): Promise<ArtifactRef<S>>;
  discard(): Promise<void>;
}

export interface CommitRecord<S> extends Pick<
  Manifest<S>,
  'step' | 'version' | 'params' | 'inputs' | 'summary' | 'seconds'
> {
  /** Files or folders that are part of the artifact but not listed and digested one by one: their inventory is another file's. */
  readonly inventoried?: readonly string[];
  /** Files too large to hash, checked by other means. */
  readonly undigested?: readonly string[];
}
