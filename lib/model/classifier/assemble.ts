import { join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import type { ModelCard } from '../../contracts/model';
import { writeFileAtomic } from '../../io/files';
import { backbones, writeClassifierModel, writeFeatureModel, type HeadLayer, type Pooling } from '../backbones';
import type { Parameters } from '../graph';
import type { Head } from '../head';
import { readWeights } from '../weights';

export const CARD_FILE = 'model.json';
export const LABELS_FILE = 'labels.txt';
export const MODEL_FOLDER = 'saved_model';
/** The backbone by itself, where it is another than the published one. */
export const FEATURE_MODEL_FOLDER = 'feature_model';

export interface ModelParts {
  readonly card: ModelCard;
  readonly head: Head;
  /** Weights file of the backbone that the features were computed with. */
  readonly weightsPath: string;
  /** Parameters of the backbone that were trained further. */
  readonly tuned?: Parameters;
  /** How feature maps become features: as when the features were computed. */
  readonly pooling: Pooling;
  /** The draft. */
  readonly directory: string;
}

/**
 * Joins backbone and head into one SavedModel that classifies photographs. Files: `saved_model/`, `model.json`
 * ({@link ModelCard}), `labels.txt`, one class a line in the order of the outputs; `feature_model/`, photographs to
 * features, where the backbone was trained further.
 *
 * @throws SerengetiError MODEL_INVALID where the parts do not fit; WEIGHTS_INVALID
 */
export async function assembleModel(parts: ModelParts): Promise<void> {
  const { card, head, weightsPath, tuned, pooling, directory } = parts;
  expectFit(card, head);
  const backbone = backbones[card.backbone];
  const published = backbone.parameters(await readWeights(weightsPath));
  const parameters = new Map([...published, ...(tuned ?? [])]);
  const form = { input: card.preprocessing, pooling };
  if (tuned !== undefined) await writeFeatureModel(backbone, parameters, form, join(directory, FEATURE_MODEL_FOLDER));
  const classifier = { layers: classifierLayers(head), output: head.output, corrections: card };
  await writeClassifierModel(backbone, parameters, form, classifier, join(directory, MODEL_FOLDER));
  await writeFileAtomic(join(directory, LABELS_FILE), `${card.classes.join('\n')}\n`);
  await writeFileAtomic(join(directory, CARD_FILE), `${JSON.stringify(card, null, 2)}\n`);
}

function classifierLayers({ layers }: Head): HeadLayer[] {
  return layers.map(({ kernel, bias, inputs, outputs }, position) => ({
    kernel: { shape: [inputs, outputs], data: kernel },
    bias: { shape: [outputs], data: bias },
    activation: position === layers.length - 1 ? 'linear' : 'relu',
  }));
}

/** @throws SerengetiError MODEL_INVALID where head and card speak of different things */
export function expectFit(card: ModelCard, head: Head): void {
  const inputs = head.layers[0]?.inputs;
  const outputs = head.layers.at(-1)?.outputs;
  if (outputs !== card.classes.length)
    throw misfit(`the head has ${outputs} outputs for ${card.classes.length} classes`);
  if (inputs !== card.featureWidth) throw misfit(`the head takes ${inputs} values, features have ${card.featureWidth}`);
  if (head.output !== card.output) throw misfit(`the head ends in ${head.output}, the card says ${card.output}`);
}

function misfit(problem: string): SerengetiError {
  return new SerengetiError('MODEL_INVALID', `The parts of the model disagree: ${problem}`);
}
