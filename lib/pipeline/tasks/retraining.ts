import type { RetrainInput, RetrainPlan, SeasonLook, Survey } from '../../contracts/retrain';
import { catalogNamed, championOf, knownSeasons, Registry } from '../../registry';
import { lookAtSeasons, planRetraining } from '../../retraining';
import { loadCatalog } from '../../seasons';
import { seasonOf } from '../artifacts';
import { task } from '../task';

/** Compares what the catalog has with what its champion knows. */
export const surveySeasonsTask = task({
  name: 'surveySeasons',
  async run({ store, sampleUrl }, { catalog: where }: Pick<RetrainInput, 'catalog'>, { signal }): Promise<Survey> {
    const catalog = await loadCatalog(where, { signal, sampleUrl });
    const state = await new Registry(store).state();
    const seasons = catalog.seasons.map(({ id }) => id);
    const name = catalogNamed(state, catalog.name, where);
    const champion = championOf(state, name)?.name;
    const known = knownSeasons(state, name).filter((season) => seasons.includes(season));
    return { catalog: name, seasons, known, ...(champion === undefined ? {} : { champion }) };
  },
});

export interface LookAtSeasonsInput extends Pick<RetrainInput, 'catalog'> {
  readonly seasons: readonly string[];
  readonly before?: readonly SeasonLook[];
}

/** Asks the mirrors whether new seasons are published whole. */
export const lookAtSeasonsTask = task({
  name: 'lookAtSeasons',
  async run({ sampleUrl }, { catalog: where, seasons, before }: LookAtSeasonsInput, work): Promise<SeasonLook[]> {
    const catalog = await loadCatalog(where, { signal: work.signal, sampleUrl });
    return await lookAtSeasons(
      catalog,
      seasons.map((id) => seasonOf(catalog, id)),
      before,
      work,
    );
  },
});

export interface PlanRetrainingInput extends Pick<RetrainInput, 'catalog' | 'heldOut' | 'run'> {
  /** Seasons that are known or published whole. */
  readonly available: readonly string[];
}

/** Works out the run that takes the new seasons in. */
export const planRetrainingTask = task({
  name: 'planRetraining',
  async run(
    { store, sampleUrl },
    { catalog: where, ...request }: PlanRetrainingInput,
    { signal },
  ): Promise<RetrainPlan> {
    const catalog = await loadCatalog(where, { signal, sampleUrl });
    const state = await new Registry(store).state();
    const champion = championOf(state, catalogNamed(state, catalog.name, where));
    return planRetraining({ ...request, catalog, where, champion });
  },
});
