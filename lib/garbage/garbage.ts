import { ARTIFACT_KINDS, type ArtifactId, type ArtifactKind, type Manifest } from '../contracts/artifact';
import { isSerengetiError } from '../contracts/errors';
import type { WorkOptions } from '../contracts/progress';
import type { ArtifactStore, DraftFacts } from '../store';
import { supersedersOf } from './superseded';

/** What must stay. */
export interface Needs {
  /** What kept models consist of and running workflows have found; all that these were made from stays too. */
  readonly roots: readonly ArtifactId[];
  /** Seasons that running workflows are at: whatever there is of them may be found and used at any moment. */
  readonly seasons: ReadonlySet<string>;
  /** Whether workflows are running at all: a draft of theirs may be days old, when a mirror is away. */
  readonly running: boolean;
  /** What is younger stays. */
  readonly olderThan: Date;
}

/** An artifact that nothing kept was made from. */
export interface Unneeded extends ArtifactId {
  readonly bytes: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly season?: string;
  /** Of what is superseded: what was made of it. */
  readonly by?: ArtifactId;
}

export interface Garbage {
  /** Oldest first. */
  readonly artifacts: readonly Unneeded[];
  /** Kept, and of use only to make anew what was made of it; oldest first. */
  readonly superseded: readonly Unneeded[];
  /** Of runs that are dead. */
  readonly drafts: readonly DraftFacts[];
  readonly kept: { readonly artifacts: number; readonly bytes: number };
}

/** What follows from others and belongs to no run alone: needed as long as what it follows from is. */
const DERIVED: Readonly<Partial<Record<ArtifactKind, (inputs: Inputs) => boolean>>> = {
  validation: ({ needed, all }) => all > 0 && needed === all,
  // Runs themselves remove frames that were fetched for a moment; smaller copies of them stay for pages.
  frames: ({ needed, there }) => there > 0 && needed === there,
  features: ({ needed, there }) => there > 0 && needed === there,
};

/** Of an artifact: how many there are, are in the store, and are needed. */
interface Inputs {
  readonly all: number;
  readonly there: number;
  readonly needed: number;
}

/** What no kept model and no running workflow needs. Only looks. */
export async function findGarbage(store: ArtifactStore, needs: Needs, work: WorkOptions = {}): Promise<Garbage> {
  const manifests = await listAll(store, work);
  const needed = neededKeys(manifests, needs);
  const isOut = ({ createdAt, summary }: Manifest): boolean =>
    new Date(createdAt) < needs.olderThan && !needs.seasons.has(String(summary.season));
  const unneeded = manifests.filter((manifest) => !needed.has(manifest.key) && isOut(manifest));
  const gone = new Set(unneeded.map(({ key }) => key));
  const kept = manifests.filter(({ key }) => !gone.has(key));
  const inUse = new Set(needs.roots.map(({ key }) => key));
  const superseders = supersedersOf(kept);
  const superseded = kept.filter(
    (manifest) => superseders.has(manifest.key) && !inUse.has(manifest.key) && isOut(manifest),
  );
  const drafts = needs.running
    ? []
    : (await store.drafts()).filter(({ changedAt }) => new Date(changedAt) < needs.olderThan);
  return {
    artifacts: unneeded.map(described).sort(oldestFirst),
    superseded: superseded
      .map((manifest) => ({ ...described(manifest), by: superseders.get(manifest.key)! }))
      .sort(oldestFirst),
    drafts,
    kept: { artifacts: kept.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) },
  };
}

/**
 * Removes garbage; what is superseded only when it is put among its artifacts. An artifact that was made anew since it was
 * found is another one, and stays, and so does one whose superseder is gone; a draft that changed since is one that a worker
 * is at.
 *
 * @returns bytes that were freed
 */
export async function removeGarbage(
  store: ArtifactStore,
  garbage: Pick<Garbage, 'artifacts' | 'drafts'>,
  work: WorkOptions = {},
): Promise<number> {
  const total = garbage.artifacts.length + garbage.drafts.length;
  let done = 0;
  let bytes = 0;
  const report = (note: string): void => work.onProgress?.({ done: ++done, total, unit: 'steps', note });
  for (const { kind, key, createdAt, by, bytes: size } of garbage.artifacts) {
    work.signal?.throwIfAborted();
    const isNeededAgain = by !== undefined && (await creationOf(store, by)) === undefined;
    if (!isNeededAgain && (await creationOf(store, { kind, key })) === createdAt) {
      await store.remove({ kind, key });
      bytes += size;
    }
    report(kind);
  }
  const changes = new Map((await store.drafts()).map(({ key, changedAt }) => [key, changedAt]));
  for (const { kind, key, changedAt, bytes: size } of garbage.drafts) {
    work.signal?.throwIfAborted();
    if (changes.get(key) === changedAt) {
      await store.removeDraft({ kind, key });
      bytes += size;
    }
    report(`draft of ${kind}`);
  }
  return bytes;
}

async function creationOf(store: ArtifactStore, id: ArtifactId): Promise<string | undefined> {
  try {
    return (await store.manifest(id)).createdAt;
  } catch (error) {
    if (isSerengetiError(error) && ['ARTIFACT_MISSING', 'ARTIFACT_CORRUPT'].includes(error.code)) return undefined;
    throw error;
  }
}

async function listAll(store: ArtifactStore, work: WorkOptions): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const [done, kind] of ARTIFACT_KINDS.entries()) {
    work.signal?.throwIfAborted();
    manifests.push(...(await store.list(kind)));
    work.onProgress?.({ done: done + 1, total: ARTIFACT_KINDS.length, unit: 'steps', note: kind });
  }
  return manifests;
}

function neededKeys(manifests: readonly Manifest[], { roots }: Needs): ReadonlySet<string> {
  const byKey = new Map(manifests.map((manifest) => [manifest.key, manifest]));
  const needed = new Set<string>();
  const visit = (key: string): void => {
    if (needed.has(key)) return;
    needed.add(key);
    const { inputs = [], sources = [] } = byKey.get(key) ?? {};
    for (const input of [...inputs, ...sources]) visit(input.key);
  };
  for (const { key } of roots) visit(key);
  // Where a season's frames were damaged or removed, its archives give them again.
  const lacking = manifests
    .filter(
      ({ key, kind, sources = [] }) =>
        kind === 'index' && needed.has(key) && !sources.every((one) => byKey.has(one.key)),
    )
    .map(({ summary }) => summary.season);
  for (const { kind, key, summary } of manifests)
    if (kind === 'archive' && lacking.includes(summary.season)) visit(key);

  const seasons = new Set(manifests.filter(({ key }) => needed.has(key)).map(({ summary }) => summary.season));
  const follows = ({ key, kind, inputs, summary }: Manifest): boolean =>
    !needed.has(key) &&
    // Features name their backbone and season, not the frames, which may have come from anywhere.
    (summary.season === undefined || seasons.has(summary.season)) &&
    DERIVED[kind]?.({
      all: inputs.length,
      there: inputs.filter((input) => byKey.has(input.key)).length,
      needed: inputs.filter((input) => byKey.has(input.key) && needed.has(input.key)).length,
    }) === true;
  for (let more = manifests.filter(follows); more.length > 0; more = manifests.filter(follows)) {
    for (const { key } of more) visit(key);
  }
  return needed;
}

function oldestFirst(a: Unneeded, b: Unneeded): number {
  return a.createdAt < b.createdAt ? -1 : 1;
}

function described({ kind, key, bytes, createdAt, summary }: Manifest): Unneeded {
  const { season } = summary;
  return { kind, key, bytes, createdAt, ...(typeof season === 'string' ? { season } : {}) };
}
