import { log } from '@temporalio/activity';
import type { Outcome } from '../lib/contracts/run';
import type { BackboneRef, CatalogRef, FeaturesRef, FeaturesSummary, FramesRef, PickRef } from '../lib/contracts/steps';
import { backbones } from '../lib/model/backbones';
import { extractFeatures } from '../lib/model/features';
import { produce } from '../lib/store';
import { readCatalogArtifact } from '../lib/pipeline/artifacts';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { earlierFeatures, framesOfShard } from '../lib/pipeline/features';
import { openFrames } from '../lib/pipeline/frames';
import { preprocessingOf } from './prepareBackbone';
import { featuresRecipe } from '../lib/pipeline/recipes';

export interface ExtractFeaturesInput {
  readonly catalog: CatalogRef;
  readonly backbone: BackboneRef;
  readonly pick: PickRef;
  readonly frames: FramesRef;
  /** Those of the frames that were fetched for this shard; absent where `frames` gives them. */
  readonly fetched?: FramesRef | undefined;
  readonly shard: number;
}

/** Turns one shard's frames into feature vectors; frames that earlier shards have are taken over. */
export function createExtractFeatures({ store }: Dependencies) {
  return ({ catalog, backbone, pick, frames, fetched, shard }: ExtractFeaturesInput): Promise<Outcome<FeaturesRef>> =>
    durable(async (work) => {
      const { season } = frames.summary;
      const picked = await framesOfShard(store, pick, season, shard);
      return await produce<FeaturesSummary>(store, {
        recipe: featuresRecipe(backbone, frames, shard, picked),
        work: async (draft) => {
          const source = await openFrames(store, await readCatalogArtifact(store, catalog), fetched ?? frames, work);
          try {
            const { timing, ...summary } = await extractFeatures(
              {
                frames: picked,
                readFrame: (fileName) => source.read(fileName),
                featureModelDirectory: (await store.open(backbone)).path('saved_model'),
                preprocessing: preprocessingOf(backbones[backbone.summary.backbone]),
                earlier: await earlierFeatures(store, backbone, frames, shard),
                directory: draft.path('.'),
              },
              work,
            );
            log.info('Features', { season, shard, ...summary, ...timing });
            return { season, shard, ...summary };
          } finally {
            await source.close();
          }
        },
      });
    });
}
