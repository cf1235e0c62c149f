import type { ArtifactRef } from '../contracts/artifact';
import type { WorkOptions } from '../contracts/progress';
import { artifactId, type Recipe } from './key';
import type { ArtifactStore, CommitRecord, Draft } from './store';

/** A step of the pipeline: its recipe, and the work that fills a draft. */
export interface Step<S extends object> {
  readonly recipe: Recipe;
  readonly work: (draft: Draft) => Promise<S>;
  /** As of a manifest. */
  readonly sources?: CommitRecord<S>['sources'];
  readonly family?: CommitRecord<S>['family'];
  readonly inventoried?: CommitRecord<S>['inventoried'];
  readonly undigested?: CommitRecord<S>['undigested'];
}

/** A step's artifact, and whether it was there already. */
export interface Production<S> {
  readonly ref: ArtifactRef<S>;
  readonly reused: boolean;
}

/** The first artifact that is there, of several recipes for what is the same thing. */
export async function findFirst<S>(
  store: ArtifactStore,
  recipes: readonly Recipe[],
): Promise<ArtifactRef<S> | undefined> {
  for (const recipe of recipes) {
    const ref = await store.find<S>(artifactId(recipe));
    if (ref !== undefined) return ref;
  }
  return undefined;
}

/**
 * Does the step's work unless its artifact is there: in this run or any earlier one, by this worker or another. Of several
 * attempts at the same time one works and the others wait for its artifact, or for its draft, should it fail or die.
 *
 * @param work - for the waiting, and for bringing the finished draft into the store, which takes time where that is far
 *   away
 */
export async function produce<S extends object>(
  store: ArtifactStore,
  step: Step<S>,
  work: WorkOptions = {},
): Promise<Production<S>> {
  const id = artifactId(step.recipe);
  for (;;) {
    const existing = await store.find<S>(id);
    if (existing !== undefined) {
      // Who committed it may have been killed before it was done with the draft.
      await store.removeDraft(id);
      return { ref: existing, reused: true };
    }
    const draft = await store.draft(id, work);
    try {
      // While this one waited for the draft, another one may have committed it.
      if ((await store.find<S>(id)) === undefined) return { ref: await fill(draft, step, work), reused: false };
      await draft.discard();
    } catch (error) {
      // What fails because another one took the draft over is no failure of the step.
      if (await draft.isOwned()) throw error;
    } finally {
      await draft.release();
    }
  }
}

async function fill<S extends object>(
  draft: Draft,
  { recipe, work, ...facts }: Step<S>,
  options: WorkOptions,
): Promise<ArtifactRef<S>> {
  const started = performance.now();
  const summary = await work(draft);
  const seconds = (performance.now() - started) / 1000;
  const { step, version, params, inputs } = recipe;
  return await draft.commit<S>({ step, version, params, inputs, ...facts, summary, seconds }, options);
}
