import type { Outcome } from '../../contracts/run';
import type {
  BackboneRef,
  CatalogRef,
  FramesRef,
  ModelRef,
  PickRef,
  ValidationRef,
  ValidationSummary,
} from '../../contracts/steps';
import { readPickCounts, readPickedFrames } from '../../metadata';
import {
  extractSeasons,
  FEATURE_MODEL_FOLDER,
  HEAD_FILE,
  readHead,
  readModelCard,
  summaryOf,
  validate,
} from '../../model';
import { produce, type Recipe } from '../../store';
import { scratchPath } from '../../io/files';
import { readCatalogArtifact } from '../artifacts';
import { withOriginalFrames } from '../originalFrames';
import { lookedAt } from '../plan/expected';
import { findMade, step } from '../step';
import { featureFolders } from './extractFeatures';

function recipe(model: ModelRef, pick: PickRef): Recipe {
  return { kind: 'validation', step: 'validateModel', version: 2, params: {}, inputs: [model, pick] };
}

export interface ValidateModelInput {
  readonly catalog: CatalogRef;
  readonly backbone: BackboneRef;
  readonly model: ModelRef;
  readonly pick: PickRef;
  /** Of the held-out seasons. */
  readonly frames: readonly FramesRef[];
}

/** Scores the model on seasons that training never saw, at their natural class balance. */
export const validateModelStep = step({
  name: 'validateModel',
  kind: 'validation',
  recipe,
  async run(
    dependencies,
    { catalog, backbone, model, pick, frames }: ValidateModelInput,
    work,
  ): Promise<Outcome<ValidationRef>> {
    const { store } = dependencies;
    return await produce<ValidationSummary>(store, {
      recipe: recipe(model, pick),
      work: async (draft) => {
        const modelArtifact = await store.open(model);
        const pickFolder = (await store.open(pick)).path('.');
        const card = await readModelCard(modelArtifact.path('.'));
        const picked = await readPickedFrames(pickFolder, { split: 'validation' });
        const originals = async () => ({
          store,
          catalog: await readCatalogArtifact(dependencies, catalog),
          frames,
        });
        const features =
          card.tunedStages === undefined
            ? await featureFolders(store, { backbone, pick, frames })
            : await withOriginalFrames(await originals(), work, async (readFrame) =>
                extractSeasons(
                  {
                    frames: picked,
                    readFrame,
                    featureModelDirectory: modelArtifact.path(FEATURE_MODEL_FOLDER),
                    preprocessing: card.preprocessing,
                    directory: scratchPath(draft.path('.'), 'features'),
                  },
                  work,
                ),
              );
        const result = await validate(
          {
            features,
            frames: picked,
            head: (await readHead(modelArtifact.path(HEAD_FILE))).head,
            card,
            counts: await readPickCounts(pickFolder),
            trainFrames: model.summary.trainFrames,
            directory: draft.path('.'),
          },
          work,
        );
        return summaryOf(result);
      },
    });
  },
  async find({ store }, { trainHead: [model], pickFrames: [pick] }) {
    return model && pick ? await findMade<ValidationSummary>(store, recipe(model, pick)) : [];
  },
  estimate(run) {
    const { validation: frames } = lookedAt(run);
    return { reused: run.made.validateModel.length, parts: 1, frames, work: frames };
  },
  measure: ({ summary }) => Number(summary.frames),
});
