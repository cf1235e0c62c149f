import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SerengetiError } from '../../contracts/errors';
import type { ModelCard } from '../../contracts/model';
import { parseWith } from '../../contracts/validate';
import { expectFinite, ImageModel } from '../inference';
import { CARD_FILE, LABELS_FILE, MODEL_FOLDER } from './assemble';
import { poolFeatures, poolsFeatures } from '../learning/sequenceTable';
import { corrected } from '../corrections';
import { SequencePool } from '../pooling';
import { modelCardSchema } from './card';
import { HeadModel } from './headModel';

/** A model artifact, ready to classify photographs. Holds processes and TensorFlow's memory until `dispose`. */
export interface Classifier {
  readonly card: ModelCard;
  /** Decoded photographs → a row each: probabilities, one a class, or features where these are pooled. */
  readonly network: ImageModel;
  /**
   * What a sequence is, by the rows of its frames, one at least: pooled, corrected, one probability a class.
   *
   * @param name - for the message
   * @throws SerengetiError MODEL_INVALID where the network answers no number
   */
  predictSequence(rows: readonly Float32Array[], name: string): Float64Array;
  dispose(): void;
}

/**
 * Opens a model artifact.
 *
 * @param batchSize - photographs a call of the network. Default: 8 of 224×224 pixels on a CPU, 128 on a GPU
 * @throws SerengetiError MODEL_INVALID where a file is missing, is not what it should be, or speaks of other classes,
 *   names or sizes than the others
 */
export async function loadModel(directory: string, batchSize?: number): Promise<Classifier> {
  const card = await readModelCard(directory);
  await expectLabels(directory, card);
  const folder = join(directory, MODEL_FOLDER);
  const network = await ImageModel.load(folder, card, batchSize);
  try {
    expectWidth(network, card, folder);
    const head = card.headSignature && (await HeadModel.load(folder, card, card.headSignature));
    return {
      card,
      network,
      predictSequence: (rows, name) => predictSequence(rows, name, card, head),
      dispose: () => {
        network.dispose();
        head?.dispose();
      },
    };
  } catch (error) {
    network.dispose();
    throw error;
  }
}

function expectWidth({ width }: ImageModel, { classes, headSignature, featureWidth }: ModelCard, folder: string): void {
  if (headSignature === undefined && width !== classes.length) {
    throw invalid(folder, `gives ${width} probabilities for ${classes.length} classes`);
  }
  if (headSignature !== undefined && width !== featureWidth) {
    throw invalid(folder, `gives ${width} features, ${CARD_FILE} says ${featureWidth}`);
  }
}

function predictSequence(
  rows: readonly Float32Array[],
  name: string,
  card: ModelCard,
  head: HeadModel | undefined,
): Float64Array {
  const pool = new SequencePool(1, card);
  for (const row of head === undefined ? rows : [head.run(pooledFeatures(rows, card))]) pool.add(0, row);
  const pooled = pool.pooled(0)!;
  expectFinite(pooled, [name]);
  return corrected(pooled, card);
}

function pooledFeatures(rows: readonly Float32Array[], { featureWidth, pooling }: ModelCard): Float32Array {
  const all = new Float32Array(rows.length * featureWidth);
  rows.forEach((row, position) => all.set(row, position * featureWidth));
  const pooled = new Float32Array(featureWidth);
  poolFeatures(all, featureWidth, pooling, pooled);
  return pooled;
}

/** @throws SerengetiError MODEL_INVALID with everything that is wrong in `model.json` */
export async function readModelCard(directory: string): Promise<ModelCard> {
  const path = join(directory, CARD_FILE);
  const card = parseWith(modelCardSchema, parseJson(await readText(path), path), 'MODEL_INVALID', path);
  if (!card.classes.includes(card.emptyClass))
    throw invalid(path, `has no class "${card.emptyClass}", its empty class`);
  if (poolsFeatures(card.pooling) !== (card.headSignature !== undefined)) {
    const has = card.headSignature === undefined ? 'no' : 'a';
    throw invalid(path, `has ${has} headSignature with the pooling "${card.pooling}"`);
  }
  if (card.priors.length !== card.classes.length) {
    throw invalid(path, `has ${card.priors.length} priors for ${card.classes.length} classes`);
  }
  if (card.calibration !== undefined && card.calibration.bias.length !== card.classes.length) {
    throw invalid(path, `calibrates ${card.calibration.bias.length} of ${card.classes.length} classes`);
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
