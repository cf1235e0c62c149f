import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../../contracts/artifact';
import type { Preprocessing } from '../../contracts/preprocessing';
import type { Outcome } from '../../contracts/run';
import { cropOf, type ModelOptions } from '../../contracts/runInput';
import type { BackboneRef, BackboneSummary } from '../../contracts/steps';
import { backbones, locateWeights, writeFeatureModel } from '../../model/backbones';
import { readWeights } from '../../model/weights';
import { produce, type Recipe } from '../../store';
import { writeFileAtomic } from '../../io/files';
import { step } from '../step';

function recipe(
  { backbone }: ModelOptions,
  facts: { readonly weightsSha256: string; readonly pooling: string; readonly preprocessing: Preprocessing },
): Recipe {
  const params = { backbone, ...facts };
  return { kind: 'backbone', step: 'prepareBackbone', version: 1, params, inputs: [] };
}

/** Freezes the backbone into a graph that turns photographs into features; fetches its weights on first use. */
export const prepareBackboneStep = step({
  name: 'prepareBackbone',
  kind: 'backbone',
  recipe,
  async run({ store }, { model }: { readonly model: ModelOptions }, work): Promise<Outcome<BackboneRef>> {
    const backbone = backbones[model.backbone];
    const weights = await locateWeights(backbone, { file: model.weights }, work);
    const facts = {
      weightsSha256: weights.sha256,
      pooling: backbone.defaultPooling,
      preprocessing: preprocessingOf(model),
    };
    return await produce<BackboneSummary>(store, {
      recipe: recipe(model, facts),
      work: async (draft) => {
        const parameters = backbone.parameters(await readWeights(weights.path));
        const form = { input: facts.preprocessing, pooling: facts.pooling };
        await writeFeatureModel(backbone, parameters, form, draft.path('saved_model'));
        await writeFileAtomic(draft.path('backbone.json'), `${JSON.stringify(facts, undefined, 2)}\n`);
        return {
          backbone: backbone.name,
          featureWidth: backbone.featureWidth,
          ...facts,
        };
      },
    });
  },
  /** The key holds the digest of the weights, which only gpu workers have: the latest that was frozen counts. */
  async find({ store, input: { model } }) {
    if (model.weights !== undefined) return [];
    const manifest = (await store.list('backbone')).find(({ params }) => isFor(model, params));
    const ref = manifest && (await store.find<BackboneSummary>(manifest));
    return ref === undefined ? [] : [ref];
  },
});

/** The form of photographs that a run asks for. */
function preprocessingOf(model: ModelOptions): Preprocessing {
  const { width, height, fit } = model.input;
  const crop = cropOf(model);
  return { width, height, channels: 'RGB', fit, ...(crop && { crop }) };
}

/** Whether a backbone with these parameters is one that the options ask for, whatever its weights. */
export function isFor(model: ModelOptions, params: Manifest['params']): boolean {
  return params.backbone === model.backbone && isDeepStrictEqual(params.preprocessing, preprocessingOf(model));
}
