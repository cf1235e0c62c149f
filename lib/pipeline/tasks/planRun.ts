import type { RunPlan } from '../../contracts/plan';
import { estimate } from '../plan/estimate';
import { measureRates } from '../plan/rates';
import { readsInPlace } from '../archives';
import { task } from '../task';
import { findAllMade, viewRun, type RunToView } from '../plan/made';

/** Works out what a run would reuse and do, fetch and keep, and how long it would take. Starts nothing. */
export const planRunTask = task({
  name: 'planRun',
  async run(dependencies, request: RunToView, work): Promise<RunPlan> {
    const { store } = dependencies;
    const { input } = request;
    const inPlace = input.frameSource !== 'mirrors' && readsInPlace(store, input.frameSource);
    const frameSource = inPlace ? 'archives' : input.frameSource;
    const run = await viewRun(dependencies, { ...request, input: { ...input, frameSource } }, work);
    const made = await findAllMade(run);
    return estimate({ ...run, made }, await measureRates(store, run.input.model));
  },
});
