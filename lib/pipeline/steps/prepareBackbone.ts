import type { Preprocessing } from '../../contracts/model';
import type { Outcome } from '../../contracts/run';
import type { ModelOptions } from '../../contracts/runInput';
import type { BackboneRef, BackboneSummary } from '../../contracts/steps';
import { backbones, locateWeights, writeFeatureModel, type Backbone } from '../../model/backbones';
import { readWeights } from '../../model/weights';
import { produce } from '../../store';
import { writeFileAtomic } from '../../io/files';
import { task } from '../task';
import { backboneRecipe } from '../recipes';

/** Freezes the backbone into a graph that turns photographs into features; fetches its weights on first use. */
export const prepareBackboneStep = task({
  name: 'prepareBackbone',
  async run({ store }, { model }: { readonly model: ModelOptions }, work): Promise<Outcome<BackboneRef>> {
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
  },
});

/** The frames' form that a backbone was made for. */
export function preprocessingOf({ input }: Backbone): Preprocessing {
  return { width: input.width, height: input.height, channels: 'RGB', resize: 'stretch' };
}
