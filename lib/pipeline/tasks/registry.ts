import type { FramesRef, FramesSummary, IndexSummary, ValidationRef } from '../../contracts/steps';
import type { Pairing, RegisteredModel, Settlement } from '../../contracts/registry';
import type { RunResult } from '../../contracts/run';
import { SerengetiError } from '../../contracts/errors';
import {
  championOf,
  differenceOf,
  incomparable,
  modelNamed,
  Registry,
  settledBefore,
  type Match,
} from '../../registry';
import type { ArtifactStore } from '../../store';
import { readCatalogArtifact } from '../artifacts';
import { task } from '../task';

export interface RegisterModelInput {
  readonly run: RegisteredModel['run'];
  readonly result: Omit<RunResult, 'registered'>;
}

/** Puts a finished run's model into the registry. @returns its name there */
export const registerModelTask = task({
  name: 'registerModel',
  async run({ store }, { run, result }: RegisterModelInput): Promise<string> {
    const { input, trainSeasons, validationSeasons } = result;
    const { catalog, pick, backbone, model, validation, submission, report } = result;
    const { versions } = await store.manifest(model);
    const { name } = await new Registry(store).register({
      catalog: catalog.summary.name,
      run,
      input,
      trainSeasons,
      validationSeasons,
      artifacts: { catalog, pick, backbone, model, validation, submission, report },
      versions,
    });
    return name;
  },
});

/** Sets a new model against the champion of its catalog as it is now. */
export const pairChallengerTask = task({
  name: 'pairChallenger',
  async run({ store }, { challenger: name }: { readonly challenger: string }): Promise<Pairing> {
    const state = await new Registry(store).state();
    const challenger = modelNamed(state, name);
    const settled = settledBefore(state, challenger);
    if (settled !== undefined) return { settled };
    const champion = championOf(state, challenger.catalog);
    if (champion === undefined) {
      throw new SerengetiError('CHAMPION_MISSING', `The catalog "${challenger.catalog}" has no champion.`);
    }
    const obstacle =
      (await store.find(champion.artifacts.model)) === undefined
        ? `The files of ${champion.name} are no longer in the store.`
        : incomparable(await withClasses(store, challenger), await withClasses(store, champion));
    return { challenger, champion, ...(obstacle === undefined ? {} : { obstacle }) };
  },
});

async function withClasses(
  store: ArtifactStore,
  model: RegisteredModel,
): Promise<RegisteredModel & { readonly classes: string[] }> {
  return { ...model, classes: (await readCatalogArtifact({ store }, model.artifacts.catalog)).classes };
}

/** The frames that a model was validated on, for validating another one on the same. */
export const heldOutFramesTask = task({
  name: 'heldOutFrames',
  async run({ store }, { model }: { readonly model: RegisteredModel }): Promise<FramesRef[]> {
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
  },
});

export interface SettleChallengerInput extends Pick<Match, 'challenger' | 'champion'> {
  /** The champion's validation on the challenger's held-out frames, or why there is none, in a sentence. */
  readonly result: { readonly championValidation: ValidationRef } | { readonly obstacle: string };
}

/** Promotes a challenger that beat the champion, or books why it was kept out. Nothing when the champion changed since. */
export const settleChallengerTask = task({
  name: 'settleChallenger',
  async run({ store }, { challenger, champion, result }: SettleChallengerInput, work): Promise<Settlement | undefined> {
    const registry = new Registry(store);
    if ('obstacle' in result) return await registry.settle({ challenger, champion, result });
    const { validation } = modelNamed(await registry.state(), challenger).artifacts;
    const difference = await differenceOf(store, result.championValidation, validation, work);
    const { summary: championScore } = result.championValidation;
    return await registry.settle({ challenger, champion, result: { championScore, difference } });
  },
});
