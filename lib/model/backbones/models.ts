import { SerengetiError } from '../../contracts/errors';
import type { InputSize } from '../../contracts/preprocessing';
import type { CorrectionRule } from '../corrections';
import { GraphBuilder, GraphLayers, writeSavedModel } from '../graph';
import type { Activation, GraphTensor, Parameter, Parameters } from '../graph';
import { buildBackbone, runStages } from './backbone';
import type { Backbone, Pooling } from './backbone';
import { correctedOutput } from './correctedOutput';

/** Names in the signatures, for every caller: Node, `main.py`, TensorFlow Serving. */
export const IMAGES_INPUT = 'images';
export const FEATURES_OUTPUT = 'features';
export const PROBABILITIES_OUTPUT = 'probabilities';
/** Of a classifier besides the one that serves: photographs to probabilities that frames are pooled from. */
export const UNCORRECTED_SIGNATURE_NAME = 'uncorrected';
/** Its two halves: photographs to features, and features to probabilities. */
export const FEATURES_SIGNATURE_NAME = 'features';
export const HEAD_SIGNATURE_NAME = 'head';

/** A classifier on pooled features. */
export interface ClassifierHead {
  readonly layers: readonly HeadLayer[];
  /** What makes probabilities of the last layer's values. */
  readonly output: 'softmax' | 'sigmoid';
  /** What is done to the probabilities that are served. Absent: nothing. */
  readonly corrections?: CorrectionRule;
}

export interface HeadLayer {
  /** [width in, width out] */
  readonly kernel: Parameter;
  /** [width out] */
  readonly bias: Parameter;
  /** The last layer's is `linear`: its values are logits. */
  readonly activation: 'relu' | 'linear';
}

/** What a network takes, and how its feature maps become features. */
export interface FeatureForm {
  readonly input: InputSize;
  readonly pooling: Pooling;
}

/**
 * Writes the SavedModel that turns photographs into features: `images` uint8 [batch, height, width, 3], RGB →
 * `features` float32 [batch, feature width]. Scaling and pooling are inside.
 *
 * @param parameters - the backbone's, as published ({@link Backbone.parameters}) or trained further.
 */
export async function writeFeatureModel(
  backbone: Backbone,
  parameters: Parameters,
  form: FeatureForm,
  directory: string,
): Promise<void> {
  const graph = new GraphBuilder();
  const layers = new GraphLayers(graph, parameters);
  const images = placeholder(graph, form);
  const features = pooledFeatures(backbone, layers, images, form);
  await writeSavedModel(
    graph,
    { inputs: { [IMAGES_INPUT]: images }, outputs: { [FEATURES_OUTPUT]: layers.output(features, FEATURES_OUTPUT) } },
    directory,
  );
}

/** Outputs of {@link writeTrunkModel}: the feature maps of the last stage, and of the one before where they count. */
export const TRUNK_OUTPUTS = ['last', 'before_last'] as const;

/**
 * Writes the SavedModel of a network's first stages: `images` float32 [batch, height, width, 3] of 0–255 → the feature
 * maps that flow into stage `cut`, under {@link TRUNK_OUTPUTS}.
 */
export async function writeTrunkModel(
  backbone: Backbone,
  parameters: Parameters,
  { cut, input: { height, width } }: { readonly cut: number; readonly input: InputSize },
  directory: string,
): Promise<void> {
  const graph = new GraphBuilder();
  const layers = new GraphLayers(graph, parameters);
  const images = graph.placeholder(IMAGES_INPUT, 'float32', [-1, height, width, 3]);
  const state = runStages(backbone.stages.slice(0, cut), layers, [images]);
  const outputs = state.map((maps, position) => {
    const name = TRUNK_OUTPUTS[position]!;
    return [name, layers.output(maps!, name)] as const;
  });
  await writeSavedModel(graph, { inputs: { [IMAGES_INPUT]: images }, outputs: Object.fromEntries(outputs) }, directory);
}

/**
 * Writes the SavedModel that classifies: `images` uint8 [batch, height, width, 3], RGB → `probabilities` float32
 * [batch, classes], corrected as those of a sequence with one photograph are. Its other signatures are for callers that pool
 * several photographs, and correct what comes of it: `uncorrected` gives the probabilities as they are, `features` and
 * `head` do the two halves of that.
 *
 * @throws SerengetiError MODEL_INVALID when the head's layers do not fit the backbone or each other.
 */
export async function writeClassifierModel(
  backbone: Backbone,
  parameters: Parameters,
  form: FeatureForm,
  head: ClassifierHead,
  directory: string,
): Promise<void> {
  const last = expectLogits(head);
  const graph = new GraphBuilder();
  const layers = new GraphLayers(graph, new Map([...parameters, ...headParameters(head)]));
  const images = placeholder(graph, form);
  const features = pooledFeatures(backbone, layers, images, form);
  const classify = (x: GraphTensor, name: string): GraphTensor => {
    const probabilities = head.layers.reduce((values, { activation }, index) => {
      const applied: Activation = index === last ? head.output : activation;
      return layers.dense(values, headName(index), applied);
    }, x);
    return layers.output(probabilities, name);
  };
  const uncorrected = classify(features, 'uncorrected_probabilities');
  const served = head.corrections ? correctedOutput(graph, uncorrected, head.corrections) : uncorrected;
  const pooled = graph.placeholder('pooled', 'float32', [-1, backbone.featureWidth]);
  await writeSavedModel(
    graph,
    {
      inputs: { [IMAGES_INPUT]: images },
      outputs: { [PROBABILITIES_OUTPUT]: layers.output(served, PROBABILITIES_OUTPUT) },
    },
    directory,
    {
      [UNCORRECTED_SIGNATURE_NAME]: {
        inputs: { [IMAGES_INPUT]: images },
        outputs: { [PROBABILITIES_OUTPUT]: uncorrected },
      },
      [FEATURES_SIGNATURE_NAME]: {
        inputs: { [IMAGES_INPUT]: images },
        outputs: { [FEATURES_OUTPUT]: layers.output(features, FEATURES_OUTPUT) },
      },
      [HEAD_SIGNATURE_NAME]: {
        inputs: { [FEATURES_OUTPUT]: pooled },
        outputs: { [PROBABILITIES_OUTPUT]: classify(pooled, 'head_probabilities') },
      },
    },
  );
}

function placeholder(graph: GraphBuilder, { input }: FeatureForm): GraphTensor {
  return graph.placeholder(IMAGES_INPUT, 'uint8', [-1, input.height, input.width, 3]);
}

function pooledFeatures(
  backbone: Backbone,
  layers: GraphLayers,
  images: GraphTensor,
  { pooling }: FeatureForm,
): GraphTensor {
  return layers.globalPool(buildBackbone(backbone, layers, images), pooling);
}

/** @returns position of the layer whose values are logits: the last. */
function expectLogits({ layers }: ClassifierHead): number {
  const last = layers.at(-1);
  if (last?.activation !== 'linear') {
    const problem = last === undefined ? 'has no layers' : `ends with the activation "${last.activation}"`;
    throw new SerengetiError('MODEL_INVALID', `The head ${problem}, expected a last layer that is linear`);
  }
  return layers.length - 1;
}

function headParameters({ layers }: ClassifierHead): Parameters {
  return new Map(
    layers.flatMap(({ kernel, bias }, index) => [
      [`${headName(index)}/kernel`, kernel] as const,
      [`${headName(index)}/bias`, bias] as const,
    ]),
  );
}

function headName(index: number): string {
  return `classifier/dense${index}`;
}
