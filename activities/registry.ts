import type { FramesRef, FramesSummary, IndexSummary } from '../lib/contracts/steps';
import type { Defence, Promotion, RegisteredModel } from '../lib/contracts/registry';
import type { Registration } from '../lib/contracts/run';
import type { RunResult } from '../lib/contracts/run';
import type { Pairing } from '../lib/contracts/retrain';
import { SerengetiError } from '../lib/contracts/errors';
import { championOf, incomparable, modelNamed, Registry, type Match } from '../lib/registry';
import { readCatalogArtifact } from '../lib/pipeline/artifacts';
import type { Dependencies } from './dependencies';
import { durable } from './durable';

export interface RegisterModelInput {
  readonly run: RegisteredModel['run'];
  readonly result: Omit<RunResult, 'registered'>;
}

/** Puts a finished run's model into the registry. */
export function createRegisterModel({ store }: Dependencies) {
  return ({ run, result }: RegisterModelInput): Promise<Registration> =>
    durable(async () => {
      const { input, trainSeasons, validationSeasons } = result;
      const { catalog, pick, backbone, model, validation, submission, report } = result;
      const { versions } = await store.manifest(model);
      return await new Registry(store).register({
        catalog: catalog.summary.name,
        run,
        input,
        trainSeasons,
        validationSeasons,
        artifacts: { catalog, pick, backbone, model, validation, submission, report },
        versions,
      });
    });
}

/** Sets a challenger against the champion of its catalog as it is now. */
export function createPairChallenger({ store }: Dependencies) {
  return ({ challenger: name }: { readonly challenger: string }): Promise<Pairing> =>
    durable(async () => {
      const state = await new Registry(store).state();
      const challenger = modelNamed(state, name);
      const champion = championOf(state, challenger.catalog);
      if (champion === undefined) {
        throw new SerengetiError('CHAMPION_MISSING', `The catalog "${challenger.catalog}" has no champion.`);
      }
      const obstacle =
        (await store.find(champion.artifacts.model)) === undefined
          ? `The files of ${champion.name} are no longer in the store.`
          : incomparable(await withClasses(challenger), await withClasses(champion));
      return { challenger, champion, ...(obstacle === undefined ? {} : { obstacle }) };
    });

  async function withClasses(model: RegisteredModel): Promise<RegisteredModel & { readonly classes: string[] }> {
    return { ...model, classes: (await readCatalogArtifact(store, model.artifacts.catalog)).classes };
  }
}

/** The frames that a model was validated on, for validating another one on the same. */
export function createHeldOutFrames({ store }: Dependencies) {
  return ({ model }: { readonly model: RegisteredModel }): Promise<FramesRef[]> =>
    durable(async () => {
      const { inputs } = await store.manifest(model.artifacts.pick);
      const indexes = await Promise.all(inputs.map((id) => store.manifest<IndexSummary>(id)));
      const heldOut = indexes.filter(({ summary }) => model.validationSeasons.includes(summary.season));
      const frames = heldOut.flatMap(({ sources = [] }) => sources);
      return await Promise.all(
        frames.map(async (id) => {
          const ref = await store.find<FramesSummary>(id);
          if (ref !== undefined) return ref;
          throw new SerengetiError('ARTIFACT_MISSING', `No frames artifact ${id.key} in ${store.uri}`);
        }),
      );
    });
}

/** Promotes a challenger that beat the champion, or books why it was kept out. Nothing when the champion changed since. */
export function createSettleChallenger({ store }: Dependencies) {
  return (match: Match): Promise<Promotion | Defence | undefined> =>
    durable(async () => await new Registry(store).settle(match));
}
