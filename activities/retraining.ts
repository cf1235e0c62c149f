import type { RetrainInput, RetrainPlan, SeasonLook, Survey } from '../lib/contracts/retrain';
import { championOf, knownSeasons, Registry } from '../lib/registry';
import { lookAtSeasons, planRetraining } from '../lib/retraining';
import { loadCatalog } from '../lib/seasons';
import { seasonOf } from '../lib/pipeline/artifacts';
import type { Dependencies } from './dependencies';
import { durable } from './durable';

/** Compares what the catalog has with what its champion knows. */
export function createSurveySeasons({ store, sampleUrl }: Dependencies) {
  return ({ catalog: where }: Pick<RetrainInput, 'catalog'>): Promise<Survey> =>
    durable(async ({ signal }) => {
      const catalog = await loadCatalog(where, { signal, sampleUrl });
      const state = await new Registry(store).state();
      const seasons = catalog.seasons.map(({ id }) => id);
      const champion = championOf(state, catalog.name)?.name;
      const known = knownSeasons(state, catalog.name).filter((season) => seasons.includes(season));
      return { catalog: catalog.name, seasons, known, ...(champion === undefined ? {} : { champion }) };
    });
}

export interface LookAtSeasonsInput extends Pick<RetrainInput, 'catalog'> {
  readonly seasons: readonly string[];
  readonly before?: readonly SeasonLook[];
}

/** Asks the mirrors whether new seasons are published whole. */
export function createLookAtSeasons({ sampleUrl }: Dependencies) {
  return ({ catalog: where, seasons, before }: LookAtSeasonsInput): Promise<SeasonLook[]> =>
    durable(async (work) => {
      const catalog = await loadCatalog(where, { signal: work.signal, sampleUrl });
      return await lookAtSeasons(
        catalog,
        seasons.map((id) => seasonOf(catalog, id)),
        before,
        work,
      );
    });
}

export interface PlanRetrainingInput extends Pick<RetrainInput, 'catalog' | 'heldOut' | 'run'> {
  /** Seasons that are known or published whole. */
  readonly available: readonly string[];
}

/** Works out the run that takes the new seasons in. */
export function createPlanRetraining({ store, sampleUrl }: Dependencies) {
  return ({ catalog: where, ...request }: PlanRetrainingInput): Promise<RetrainPlan> =>
    durable(async ({ signal }) => {
      const catalog = await loadCatalog(where, { signal, sampleUrl });
      const champion = championOf(await new Registry(store).state(), catalog.name);
      return planRetraining({ ...request, catalog, where, champion });
    });
}
