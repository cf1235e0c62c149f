import type { Outcome } from '../../contracts/run';
import type { BackboneRef, CatalogRef, FeaturesRef, FeaturesSummary, FramesRef, PickRef } from '../../contracts/steps';
import { backbones } from '../../model/backbones';
import { extractFeatures } from '../../model/features';
import { produce } from '../../store';
import { readCatalogArtifact } from '../artifacts';
import { task } from '../task';
import { earlierFeatures, framesOfShard } from '../features';
import { openFrames } from '../frames';
import { preprocessingOf } from './prepareBackbone';
import { featuresRecipe } from '../recipes';

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
export const extractFeaturesStep = task({
  name: 'extractFeatures',
  async run(
    { store },
    { catalog, backbone, pick, frames, fetched, shard }: ExtractFeaturesInput,
    work,
  ): Promise<Outcome<FeaturesRef>> {
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
          work.onNote({ message: 'Features', details: { season, shard, ...summary, ...timing } });
          return { season, shard, ...summary };
        } finally {
          await source.close();
        }
      },
    });
  },
});
