/** What kinds of results the store holds; one for each step that leaves something behind. */
export const ARTIFACT_KINDS = [
  'catalog',
  'metadata',
  'archive',
  'frames',
  'index',
  'pick',
  'backbone',
  'features',
  'model',
  'validation',
  'submission',
  'report',
] as const;

export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/** Names an artifact: `key` is a digest of the step's name and version, its parameters and its inputs' keys. */
export interface ArtifactId {
  readonly kind: ArtifactKind;
  /** 64 hexadecimal digits (SHA-256). */
  readonly key: string;
}

/**
 * What travels between steps instead of data. Small: a reference has to fit in a workflow payload many times over.
 *
 * @typeParam S - the step's summary: counts and figures that later steps and people need at once.
 */
export interface ArtifactRef<S = Readonly<Record<string, unknown>>> extends ArtifactId {
  /** Where it lies: `file:///…/<kind>/<key>/` or `s3://…`. */
  readonly uri: string;
  /** Size of all its files. */
  readonly bytes: number;
  readonly summary: S;
}

/** The commit record of an artifact, `manifest.json`: with it the artifact exists, without it nothing does. */
export interface Manifest<S = Readonly<Record<string, unknown>>> extends ArtifactId {
  readonly step: string;
  /** Version of the step's meaning: raised when the same inputs would give another result. */
  readonly version: number;
  readonly params: Readonly<Record<string, unknown>>;
  /** Keys of the artifacts it was made from. */
  readonly inputs: readonly ArtifactId[];
  /** Artifacts whose bytes it was made from, though others would have given the same: they are no part of its key. */
  readonly sources?: readonly ArtifactId[];
  /**
   * Hexadecimal digits; artifacts of a kind that are looked up together have the same. One listing finds them, however
   * many others there are.
   */
  readonly family?: string;
  readonly summary: S;
  readonly files: readonly ArtifactFile[];
  readonly bytes: number;
  readonly createdAt: string;
  /** Seconds of work, all attempts that could be counted. */
  readonly seconds: number;
  readonly versions: Readonly<Record<string, string>>;
  /** SHA-256 of all the rest in canonical JSON: by it a manifest is known to be the one that was written. */
  readonly digest: string;
}

/** A file of an artifact. Trees of many files (extracted frames) carry an inventory file of their own instead. */
export interface ArtifactFile {
  /** Relative path, forward slashes. */
  readonly name: string;
  readonly bytes: number;
  /** Absent where a stronger check exists (an archive's entries have their CRC-32) and hashing would read terabytes. */
  readonly sha256?: string;
}
