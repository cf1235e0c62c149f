import type { Outcome } from '../lib/contracts/run';
import type {
  BackboneRef,
  FramesRef,
  ModelRef,
  PickRef,
  ValidationRef,
  ValidationSummary,
} from '../lib/contracts/steps';
import { readPickCounts, readPickedFrames } from '../lib/metadata';
import { HEAD_FILE, readHead, readModelCard, validate } from '../lib/model';
import { produce } from '../lib/store';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { featureFolders } from './features';
import { validationRecipe } from './recipes';

export interface ValidateModelInput {
  readonly backbone: BackboneRef;
  readonly model: ModelRef;
  readonly pick: PickRef;
  /** Of the held-out seasons. */
  readonly frames: readonly FramesRef[];
  readonly seed: number;
}

/** Scores the model on seasons that training never saw, at their natural class balance. */
export function createValidateModel({ store }: Dependencies) {
  return ({ backbone, model, pick, frames, seed }: ValidateModelInput): Promise<Outcome<ValidationRef>> =>
    durable(
      async (work) =>
        await produce<ValidationSummary>(store, {
          recipe: validationRecipe(model, pick, seed),
          work: async (draft) => {
            const modelArtifact = await store.open(model);
            const pickFolder = (await store.open(pick)).path('.');
            const result = await validate(
              {
                features: await featureFolders(store, { backbone, pick, frames }),
                frames: await readPickedFrames(pickFolder, { split: 'validation' }),
                head: (await readHead(modelArtifact.path(HEAD_FILE))).head,
                card: await readModelCard(modelArtifact.path('.')),
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
        }),
    );
}
