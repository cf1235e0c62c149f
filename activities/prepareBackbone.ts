import type { Preprocessing } from '../lib/contracts/model';
import type { Outcome } from '../lib/contracts/run';
import type { ModelOptions } from '../lib/contracts/runInput';
import type { BackboneRef, BackboneSummary } from '../lib/contracts/steps';
import { backbones, locateWeights, writeFeatureModel, type Backbone } from '../lib/model/backbones';
import { readWeights } from '../lib/model/weights';
import { produce } from '../lib/store';
import { writeFileAtomic } from '../lib/io/files';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { backboneRecipe } from '../lib/pipeline/recipes';

/** Freezes the backbone into a graph that turns photographs into features; fetches its weights on first use. */
export function createPrepareBackbone({ store }: Dependencies) {
  return ({ model }: { readonly model: ModelOptions }): Promise<Outcome<BackboneRef>> =>
    durable(async (work) => {
      const backbone = backbones[model.backbone];
      const weights = await locateWeights(backbone, { file: model.weights }, work);
      const facts = {
        weightsSha256: weights.sha256,
        pooling: backbone.defaultPooling,
        preprocessing: preprocessingOf(backbone),
      };
      return await produce<BackboneSummary>(store, {
        recipe: backboneRecipe(model, facts),
        work: async (draft) => {
          const parameters = backbone.parameters(await readWeights(weights.path));
          await writeFeatureModel(backbone, parameters, facts.pooling, draft.path('saved_model'));
          await writeFileAtomic(draft.path('backbone.json'), `${JSON.stringify(facts, undefined, 2)}\n`);
          return {
            backbone: backbone.name,
            featureWidth: backbone.featureWidth,
            pooling: facts.pooling,
            weightsSha256: facts.weightsSha256,
          };
        },
      });
    });
}

/** The frames' form that a backbone was made for. */
export function preprocessingOf({ input }: Backbone): Preprocessing {
  return { width: input.width, height: input.height, channels: 'RGB', resize: 'stretch' };
}
