import type { StepName } from '../lib/contracts/steps';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { artifactsOf, featuresOf, findMade, type MadeRequest } from '../lib/pipeline/made';

/**
 * Removes what some steps of a run made, so that the run makes it anew. Called again, also by another worker, it goes on
 * with what is still there.
 */
export function createClearSteps({ store }: Dependencies) {
  return (request: MadeRequest & { readonly steps: readonly StepName[] }): Promise<number> =>
    durable(async (work) => {
      const made = await findMade(store, request, work);
      const artifacts = request.steps.flatMap((step) => artifactsOf(made, step));
      // Frames' features are taken over from any pick's: those of the others have to go too.
      if (request.steps.includes('features')) artifacts.push(...(await featuresOf(store, made)));
      for (const artifact of artifacts) {
        work.signal.throwIfAborted();
        await store.remove(artifact);
      }
      return artifacts.length;
    });
}
