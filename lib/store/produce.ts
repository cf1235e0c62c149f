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
 * Does the step's work unless its artifact is there: in this run or any earlier one, by this worker or another.
 *
 * @param work - for bringing the finished draft into the store, which takes time where that is far away
 */
export async function produce<S extends object>(
  store: ArtifactStore,
  step: Step<S>,
  work: WorkOptions = {},
): Promise<Production<S>> {
  const id = artifactId(step.recipe);
  const existing = await store.find<S>(id);
  if (existing !== undefined) return { ref: existing, reused: true };
  const started = performance.now();
  const draft = await store.draft(id);
  try {
    const summary = await step.work(draft);
    const { version, params, inputs } = step.recipe;
    const { sources, inventoried, undigested } = step;
    const seconds = (performance.now() - started) / 1000;
    const facts = { step: step.recipe.step, version, params, inputs, sources, summary, seconds };
    return { ref: await draft.commit<S>({ ...facts, inventoried, undigested }, work), reused: false };
  } catch (error) {
    // Another worker on the same artifact that was done first took the draft away from under this one's hands.
    const ref = await store.find<S>(id);
    if (ref === undefined) throw error;
    await draft.discard();
    return { ref, reused: false };
  }
}
