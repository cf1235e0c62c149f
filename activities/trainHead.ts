import type { Outcome } from '../lib/contracts/run';
import type { RunInput } from '../lib/contracts/runInput';
import type { BackboneRef, CatalogRef, FramesRef, ModelRef, ModelSummary, PickRef } from '../lib/contracts/steps';
import { readPickCounts, readPickedFrames } from '../lib/metadata';
import { assembleModel, backbones, createModelCard, locateWeights, trainHead } from '../lib/model';
import { produce } from '../lib/store';
import { productVersions } from '../lib/store/versions';
import { readCatalogArtifact } from './artifacts';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { featureFolders } from './features';
import { preprocessingOf } from './prepareBackbone';
import { modelRecipe } from './recipes';

export interface TrainHeadInput extends Pick<RunInput, 'model' | 'training' | 'seed'> {
  readonly catalog: CatalogRef;
  readonly backbone: BackboneRef;
  readonly pick: PickRef;
  /** Of the training seasons. */
  readonly frames: readonly FramesRef[];
  readonly perSequence: RunInput['frames']['perSequence'];
}

/** Trains the head on the features of the training seasons and joins it with the backbone into one model. */
export function createTrainHead({ store }: Dependencies) {
  return (input: TrainHeadInput): Promise<Outcome<ModelRef>> =>
    durable(async (work) => {
      const { backbone: backboneRef, pick, frames, training, seed } = input;
      const { classes, emptyClass } = await readCatalogArtifact(store, input.catalog);
      const { trainSeasons } = input.catalog.summary;
      return await produce<ModelSummary>(store, {
        recipe: modelRecipe(backboneRef, pick, input),
        work: async (draft) => {
          const backbone = backbones[backboneRef.summary.backbone];
          const pickFolder = (await store.open(pick)).path('.');
          const trained = await trainHead(
            {
              features: await featureFolders(store, { backbone: backboneRef, pick, frames }),
              frames: await readPickedFrames(pickFolder, { split: 'train' }),
              classes,
              options: training,
              seed,
              directory: draft.path('.'),
            },
            work,
          );
          const weights = await locateWeights(backbone, { file: input.model.weights }, { signal: work.signal });
          await assembleModel({
            card: createModelCard({
              backbone: backbone.name,
              weightsSha256: weights.sha256,
              featureWidth: backbone.featureWidth,
              preprocessing: preprocessingOf(backbone),
              classes,
              emptyClass,
              framesPerSequence: input.perSequence,
              counts: await readPickCounts(pickFolder),
              trainSeasons,
              training,
              seed,
              version: productVersions().serengeti!,
            }),
            head: trained.head,
            weightsPath: weights.path,
            pooling: backboneRef.summary.pooling,
            directory: draft.path('.'),
          });
          return {
            backbone: backbone.name,
            classes: classes.length,
            epochs: trained.history.length,
            trainFrames: trained.trainFrames,
            loss: trained.loss,
          };
        },
      });
    });
}
