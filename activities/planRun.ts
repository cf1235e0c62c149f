import type { RunPlan } from '../lib/contracts/plan';
import { estimate } from '../lib/pipeline/plan/estimate';
import { measureRates } from '../lib/pipeline/plan/rates';
import { readsInPlace } from '../lib/pipeline/archives';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { findMade, type MadeRequest } from '../lib/pipeline/made';

/** Works out what a run would reuse and do, fetch and keep, and how long it would take. Starts nothing. */
export function createPlanRun({ store }: Dependencies) {
  return (request: MadeRequest): Promise<RunPlan> =>
    durable(async (work) => {
      const { catalog } = request;
      const unzip = readsInPlace(store, request.input.unzip) ? 'in-place' : 'extract';
      const input = { ...request.input, unzip } as const;
      const made = await findMade(store, request, work);
      const rates = await measureRates(store, input.model.backbone);
      return estimate({ made, rates, input, seasons: catalog.summary });
    });
}
