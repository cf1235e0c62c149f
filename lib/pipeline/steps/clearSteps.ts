import type { StepName } from '../../contracts/steps';
import { task } from '../task';
import { artifactsOf, featuresOf, findMade, type MadeRequest } from '../made';

/**
 * Removes what some steps of a run made, so that the run makes it anew. Called again, also by another worker, it goes on
 * with what is still there.
 */
export const clearStepsTask = task({
  name: 'clearSteps',
  async run({ store }, request: MadeRequest & { readonly steps: readonly StepName[] }, work): Promise<number> {
    const made = await findMade(store, request, work);
    const artifacts = request.steps.flatMap((step) => artifactsOf(made, step));
    // Frames' features are taken over from any pick's: those of the others have to go too.
    if (request.steps.includes('features')) artifacts.push(...(await featuresOf(store, made)));
    for (const artifact of artifacts) {
      work.signal.throwIfAborted();
      await store.remove(artifact);
    }
    return artifacts.length;
  },
});
