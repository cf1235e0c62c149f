import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import type { ModelCard } from '../../contracts/model';
import { parseWith } from '../../contracts/validate';
import { ImageModel } from '../imageModel';
import { CARD_FILE, LABELS_FILE, MODEL_FOLDER } from './assemble';
import { modelCardSchema } from './card';

/** A model artifact, ready to classify photographs. Holds TensorFlow's memory until `dispose`. */
export interface Classifier {
  readonly card: ModelCard;
  /** Decoded photographs → probabilities, as they come out of the network: a row of one value a class each. */
  readonly network: ImageModel;
  dispose(): void;
}

/**
 * Opens a model artifact.
 *
 * @param batchSize - photographs a call of the network. Default: 32 on a CPU, 128 on a GPU
 * @throws SerengetiError MODEL_INVALID where a file is missing, is not what it should be, or speaks of other classes,
 *   names or sizes than the others
 */
export async function loadModel(directory: string, batchSize?: number): Promise<Classifier> {
  const card = await readModelCard(directory);
  await expectLabels(directory, card);
  const folder = join(directory, MODEL_FOLDER);
  const network = await ImageModel.load(folder, card, batchSize);
  if (network.width !== card.classes.length) {
    network.dispose();
    throw invalid(folder, `gives ${network.width} probabilities for ${card.classes.length} classes`);
  }
  return { card, network, dispose: () => network.dispose() };
}

/** @throws SerengetiError MODEL_INVALID with everything that is wrong in `model.json` */
export async function readModelCard(directory: string): Promise<ModelCard> {
  const path = join(directory, CARD_FILE);
  const card = parseWith(modelCardSchema, parseJson(await readText(path), path), 'MODEL_INVALID', path);
  if (!card.classes.includes(card.emptyClass))
    throw invalid(path, `has no class "${card.emptyClass}", its empty class`);
  if (card.priors.length !== card.classes.length) {
    throw invalid(path, `has ${card.priors.length} priors for ${card.classes.length} classes`);
  }
  const unknown = Object.keys(card.samplingRates).find((name) => !card.classes.includes(name));
  if (unknown !== undefined)
    throw invalid(path, `has a sampling rate of "${unknown}", which is not one of its classes`);
  return card;
}

async function expectLabels(directory: string, card: ModelCard): Promise<void> {
  const path = join(directory, LABELS_FILE);
  const labels = (await readText(path)).split(/\r?\n/).filter((line) => line !== '');
  const line = card.classes.findIndex((name, position) => labels[position] !== name);
  if (line >= 0)
    throw invalid(path, `says "${labels[line] ?? ''}" on line ${line + 1}, ${CARD_FILE} "${card.classes[line]}"`);
  if (labels.length > card.classes.length) {
    throw invalid(path, `has ${labels.length} classes, ${CARD_FILE} has ${card.classes.length}`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw invalid(path, 'cannot be read', cause);
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(path, `is not JSON: ${(cause as Error).message}`, cause);
  }
}

function invalid(path: string, problem: string, cause?: unknown): SerengetiError {
  return new SerengetiError('MODEL_INVALID', `${path} ${problem}`, { cause, details: { path } });
}
