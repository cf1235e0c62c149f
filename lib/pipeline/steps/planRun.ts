import type { RunPlan } from '../../contracts/plan';
import { estimate } from '../plan/estimate';
import { measureRates } from '../plan/rates';
import { readsInPlace } from '../archives';
import { task } from '../task';
import { findMade, type MadeRequest } from '../made';

/** Works out what a run would reuse and do, fetch and keep, and how long it would take. Starts nothing. */
export const planRunTask = task({
  name: 'planRun',
  async run({ store }, request: MadeRequest, work): Promise<RunPlan> {
    const { catalog } = request;
    const unzip = readsInPlace(store, request.input.unzip) ? 'in-place' : 'extract';
    const input = { ...request.input, unzip } as const;
    const made = await findMade(store, request, work);
    const rates = await measureRates(store, input.model.backbone);
    return estimate({ made, rates, input, seasons: catalog.summary });
  },
});
