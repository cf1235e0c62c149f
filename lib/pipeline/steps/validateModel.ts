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
import { extractSeasons, FEATURE_MODEL_FOLDER, HEAD_FILE, readHead, readModelCard, validate } from '../../model';
import { produce } from '../../store';
import { scratchPath } from '../../io/files';
import { readCatalogArtifact } from '../artifacts';
import { task } from '../task';
import { featureFolders } from '../features';
import { withOriginalFrames } from '../originalFrames';
import { validationRecipe } from '../recipes';

export interface ValidateModelInput {
  readonly catalog: CatalogRef;
  readonly backbone: BackboneRef;
  readonly model: ModelRef;
  readonly pick: PickRef;
  /** Of the held-out seasons. */
  readonly frames: readonly FramesRef[];
  readonly seed: number;
}

/** Scores the model on seasons that training never saw, at their natural class balance. */
export const validateModelStep = task({
  name: 'validateModel',
  async run(
    { store },
    { catalog, backbone, model, pick, frames, seed }: ValidateModelInput,
    work,
  ): Promise<Outcome<ValidationRef>> {
    return await produce<ValidationSummary>(store, {
      recipe: validationRecipe(model, pick, seed),
      work: async (draft) => {
        const modelArtifact = await store.open(model);
        const pickFolder = (await store.open(pick)).path('.');
        const card = await readModelCard(modelArtifact.path('.'));
        const picked = await readPickedFrames(pickFolder, { split: 'validation' });
        const originals = async () => ({ store, catalog: await readCatalogArtifact(store, catalog), frames });
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
            seed,
            directory: draft.path('.'),
          },
          work,
        );
        return {
          sequences: result.sequences,
          frames: result.frames,
          accuracy: result.accuracy.value,
          top5: result.top5.value,
          crossEntropy: result.crossEntropy.value,
          logLoss: result.logLoss.value,
          baselines: result.baselines,
        };
      },
    });
  },
});
