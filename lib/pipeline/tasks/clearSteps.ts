import type { ArtifactId } from '../../contracts/artifact';
import type { StepName } from '../../contracts/steps';
import type { MakerName } from '../../contracts/tasks';
import { findAllMade, viewRun, type RunToView } from '../plan/made';
import { stepList } from '../steps';
import { task } from '../task';

/**
 * Removes what some steps of a run made, so that the run makes it anew. Called again, also by another worker, it goes on
 * with what is still there.
 *
 * @returns how many artifacts were removed
 */
export const clearStepsTask = task({
  name: 'clearSteps',
  async run(dependencies, request: RunToView & { readonly steps: readonly StepName[] }, work): Promise<number> {
    const run = await viewRun(dependencies, request, work);
    const made = await findAllMade(run);
    const forced = stepList.filter(({ step, find }) => find !== undefined && request.steps.includes(step));
    const artifacts: ArtifactId[] = [];
    for (const { name, forget } of forced) {
      artifacts.push(...(forget === undefined ? made[name as MakerName] : await forget(run, made)));
    }
    for (const artifact of artifacts) {
      work.signal.throwIfAborted();
      await dependencies.store.remove(artifact);
    }
    return artifacts.length;
  },
});
