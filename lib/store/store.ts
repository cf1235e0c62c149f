import type { ArtifactId, ArtifactRef, Manifest } from '../contracts/artifact';
import type { SerengetiError } from '../contracts/errors';
import type { WorkOptions } from '../contracts/progress';

/**
 * Where the results live. An artifact appears whole or not at all: it exists when its manifest does.
 *
 * Drafts outlive processes. A killed step's successor opens the same draft and finds what was finished, so everything
 * that is put into a draft must appear atomically.
 */
export interface ArtifactStore {
  readonly uri: string;
  /**
   * Fails unless the store can be used: better when a worker starts than in its first step.
   *
   * @throws SerengetiError STORE_UNREACHABLE, STORE_FORBIDDEN, STORE_MISSING
   */
  check(signal?: AbortSignal): Promise<void>;
  /** The artifact, if it is complete. One whose manifest is damaged is set aside, and is not there. */
  find<S>(id: ArtifactId): Promise<ArtifactRef<S> | undefined>;
  /** @throws SerengetiError ARTIFACT_MISSING; ARTIFACT_CORRUPT, and then the artifact is set aside */
  manifest<S = Manifest['summary']>(id: ArtifactId): Promise<Manifest<S>>;
  /**
   * Brings an artifact to this host, if it is not there, and checks its files by their digests: each file once, until its
   * size or the time of its last change is another.
   *
   * @throws SerengetiError ARTIFACT_MISSING; ARTIFACT_CORRUPT, and then the artifact is set aside
   */
  open(id: ArtifactId, work?: WorkOptions): Promise<Artifact>;
  /**
   * Opens a file of an artifact to read parts of it where it lies. Absent where artifacts lie on this host's disk.
   *
   * @throws SerengetiError ARTIFACT_MISSING
   */
  openRemote?(id: ArtifactId, name: string): Promise<RangedFile>;
  /**
   * The artifact's draft, new or as its last owner left it. A draft has one owner at a time: while another one is at it,
   * on this host or on one that shares the folder, this waits. That may have made the artifact meanwhile.
   */
  draft(id: ArtifactId, work?: WorkOptions): Promise<Draft>;
  /** Removes a draft. A worker that is at it begins anew. Nothing to remove is no error. */
  removeDraft(id: ArtifactId): Promise<void>;
  /**
   * Sets an artifact aside that turned out to be damaged when it was read: it does not count as made any longer, a person
   * can look at it, and who needs it makes it anew. `open` does so by itself.
   *
   * @param cause - how it showed
   * @param name - of the file, where it is one of many that the artifact's own inventory lists: the others need not be
   *   made anew
   * @returns what to throw: ARTIFACT_CORRUPT
   */
  setAside(id: ArtifactId, cause: Error, name?: string): Promise<SerengetiError>;
  /** All complete artifacts of a kind, or of a family of that kind, newest first. */
  list(kind: ArtifactId['kind'], family?: string): Promise<Manifest[]>;
  /** Removes an artifact in one step: it is there whole or not at all, also when this is killed. Nothing to remove is no error. */
  remove(id: ArtifactId): Promise<void>;
  /** All drafts, those of dead runs among them; oldest change first. */
  drafts(): Promise<DraftFacts[]>;
  /** The journal of this name (letters only), new or as it is. */
  journal(name: string): Journal;
  /**
   * Removes what dead workers have left on a server: uploads that nobody goes on with, and files that no manifest lists.
   * Absent where drafts are all that can be left.
   *
   * @param before - older than what a worker may still be at
   */
  removeAbandoned?(before: Date, work?: WorkOptions): Promise<Abandoned>;
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
  /** Where an entry lies, for messages. */
  placeOf(position: number): string;
}

/** What nobody will go on with. */
export interface Abandoned {
  /** Uploads in parts that were neither completed nor given up. */
  readonly uploads: number;
  /** Files of artifacts that no manifest lists, and their size. */
  readonly files: number;
  readonly bytes: number;
}

/** A complete artifact, for reading. */
export interface Artifact {
  readonly id: ArtifactId;
  /** Path on this host of a file or folder of the artifact, with the artifact's own relative name. */
  path(name: string): string;
}

/** A file far away. Safe to use for many reads at once. */
export interface RangedFile {
  /** Base name. */
  readonly name: string;
  readonly bytes: number;
  /**
   * @param start - first byte
   * @param length - in bytes; `start + length` is at most `bytes`
   * @param into - memory to use, at least `length` bytes of it
   * @returns exactly `length` bytes, or throws
   */
  read(start: number, length: number, signal?: AbortSignal, into?: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}

/** A file on its way into a store, part by part in any order. Parts that earlier attempts have sent are there. */
export interface PartSink {
  readonly bytes: number;
  /** Bytes of the parts that are there. */
  readonly doneBytes: number;
  /** Numbers of the parts that are not there, from 0 on. */
  missing(): Iterable<number>;
  range(part: number): { readonly start: number; readonly length: number };
  put(part: number, content: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Makes the file of its parts. */
  complete(signal?: AbortSignal): Promise<void>;
}

/** An artifact in the making: a folder on this host. */
export interface Draft {
  readonly id: ArtifactId;
  /** Path on this host for a file or folder of the artifact. */
  path(name: string): string;
  /**
   * Makes the draft an artifact: digests its files, brings them into place, and with the manifest it is there. When another worker committed the same artifact first, that one stays.
   */
  commit<S extends object>(record: CommitRecord<S>, work?: WorkOptions): Promise<ArtifactRef<S>>;
  /**
   * Sends a file straight to where the artifact will lie, without a copy on this host; it counts as undigested. Every
   * attempt has to call this for each such file. Absent where artifacts lie on this host's disk.
   *
   * @returns `undefined` when the file is there already
   */
  send?(name: string, bytes: number, signal?: AbortSignal): Promise<PartSink | undefined>;
  /** Whether this is the owner still: not after the commit, nor when this process was silent for so long that another one took over. */
  isOwned(): Promise<boolean>;
  /** Leaves the draft, as it is, to whoever opens it next. */
  release(): Promise<void>;
  discard(): Promise<void>;
}

export interface CommitRecord<S> extends Pick<
  Manifest<S>,
  'step' | 'version' | 'params' | 'inputs' | 'summary' | 'seconds'
> {
  readonly sources?: Manifest<S>['sources'] | undefined;
  readonly family?: Manifest<S>['family'] | undefined;
  /** Files or folders that are part of the artifact but not listed and digested one by one: their inventory is another file's. */
  readonly inventoried?: readonly string[];
  /** Files too large to hash, checked by other means. */
  readonly undigested?: readonly string[];
}
