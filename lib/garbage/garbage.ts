import { ARTIFACT_KINDS, type ArtifactId, type ArtifactKind, type Manifest } from '../contracts/artifact';
import type { WorkOptions } from '../contracts/progress';
import type { ArtifactStore, DraftFacts } from '../store';

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
}

export interface Garbage {
  /** Oldest first. */
  readonly artifacts: readonly Unneeded[];
  /** Of runs that are dead. */
  readonly drafts: readonly DraftFacts[];
  readonly kept: { readonly artifacts: number; readonly bytes: number };
}

/** They follow from their inputs and belong to no run alone: needed as long as all of their inputs are. */
const DERIVED: readonly ArtifactKind[] = ['features', 'validation'];

/** What no kept model and no running workflow needs. Only looks. */
export async function findGarbage(store: ArtifactStore, needs: Needs, work: WorkOptions = {}): Promise<Garbage> {
  const manifests = await listAll(store, work);
  const needed = neededKeys(manifests, needs);
  const unneeded = manifests.filter(
    ({ key, createdAt, summary }) =>
      !needed.has(key) && new Date(createdAt) < needs.olderThan && !needs.seasons.has(String(summary.season)),
  );
  const gone = new Set(unneeded.map(({ key }) => key));
  const kept = manifests.filter(({ key }) => !gone.has(key));
  const drafts = needs.running
    ? []
    : (await store.drafts()).filter(({ changedAt }) => new Date(changedAt) < needs.olderThan);
  return {
    artifacts: unneeded.map(described).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)),
    drafts,
    kept: { artifacts: kept.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) },
  };
}

/**
 * Removes garbage. An artifact that was made anew since it was found is another one, and stays.
 *
 * @returns bytes that were freed
 */
export async function removeGarbage(store: ArtifactStore, garbage: Garbage, work: WorkOptions = {}): Promise<number> {
  const total = garbage.artifacts.length + garbage.drafts.length;
  let done = 0;
  let bytes = 0;
  const report = (note: string): void => work.onProgress?.({ done: ++done, total, unit: 'steps', note });
  for (const { kind, key, createdAt, bytes: size } of garbage.artifacts) {
    work.signal?.throwIfAborted();
    const found = await store.find({ kind, key });
    if (found !== undefined && (await store.manifest({ kind, key })).createdAt === createdAt) {
      await store.remove({ kind, key });
      bytes += size;
    }
    report(kind);
  }
  for (const { kind, key, bytes: size } of garbage.drafts) {
    work.signal?.throwIfAborted();
    await (await store.draft({ kind, key })).discard();
    bytes += size;
    report(`draft of ${kind}`);
  }
  return bytes;
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
  const waiting = roots.map(({ key }) => key);
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (needed.has(key)) continue;
    needed.add(key);
    waiting.push(...(byKey.get(key)?.inputs ?? []).map((input) => input.key));
  }
  const derived = manifests.filter(
    ({ kind, inputs }) => DERIVED.includes(kind) && inputs.length > 0 && inputs.every((input) => needed.has(input.key)),
  );
  return new Set([...needed, ...derived.map(({ key }) => key)]);
}

function described({ kind, key, bytes, createdAt, summary }: Manifest): Unneeded {
  const { season } = summary;
  return { kind, key, bytes, createdAt, ...(typeof season === 'string' ? { season } : {}) };
}
