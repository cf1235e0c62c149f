import { createReadStream } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { parse } from 'csv-parse';
import { SerengetiError } from '../contracts/errors';
import { pathExists } from '../io/files';
import { parseJsonText } from '../io/jsonText';
import { topLevelValue } from '../io/topLevelValue';
import type { CameraEvent, EventPhotograph, EventSource } from './events';

/** A row of `predictions.csv`, as far as it is needed. */
export interface PredictionRow {
  readonly file: string;
  readonly sequence: string;
  readonly taken: string;
  readonly label: string;
  readonly probability: string;
  readonly [column: string]: string;
}

/** Folders that cameras make, such as `DCIM/100RECNX`: they say nothing of where the camera stood. */
const CAMERA_FOLDERS = /(^|\/)(DCIM|\d{3}\w{5})$/i;
const MOST_INFO_BYTES = 1 << 20;

/**
 * What `predict` wrote into a folder, as events. A site is a folder of photographs, without those that cameras make.
 * Files that could not be read are no part of it.
 *
 * @throws SerengetiError INPUT_INVALID where the folder holds no predictions
 */
export async function readPredictions(folder: string): Promise<EventSource> {
  const { classifier, classifier_metadata: metadata } = await infoOf(folder);
  const root = basename(folder).replace(/-predictions(-\d+)?$/, '');
  const events = new Map<string, CameraEvent & { readonly photographs: EventPhotograph[] }>();
  for await (const { file, sequence, taken, label, probability } of predictionRows(folder)) {
    if (label === '') continue;
    let event = events.get(sequence);
    if (event === undefined) {
      const labels = [{ label, probability: Number(probability) }];
      event = { id: sequence, site: siteOf(sequence) || root, photographs: [], labels };
      events.set(sequence, event);
    }
    event.photographs.push({ file, taken: taken === '' ? undefined : Date.parse(`${taken}Z`) });
  }
  for (const { photographs } of events.values()) photographs.sort((a, b) => (a.taken ?? 0) - (b.taken ?? 0));
  return { emptyClass: metadata?.empty_class ?? 'empty', classifiedBy: classifier, events: events.values() };
}

/** The rows of `predictions.csv`. */
export async function* predictionRows(folder: string): AsyncGenerator<PredictionRow> {
  const path = join(folder, 'predictions.csv');
  if (!(await pathExists(path))) {
    throw new SerengetiError('INPUT_INVALID', `${folder} has no predictions.csv: name a folder that \`predict\` wrote`);
  }
  yield* createReadStream(path).pipe(parse({ columns: true, bom: true })) as AsyncIterable<PredictionRow>;
}

export interface PredictionsInfo {
  readonly classifier?: string;
  readonly classifier_metadata?: { readonly empty_class?: string };
}

/** What the predictions say of their model. */
export async function infoOf(folder: string): Promise<PredictionsInfo> {
  const path = join(folder, 'predictions.json');
  if (!(await pathExists(path))) return {};
  const text = await topLevelValue(createReadStream(path), 'info', MOST_INFO_BYTES);
  return text === undefined ? {} : (parseJsonText(text, path, 'INPUT_INVALID') as PredictionsInfo);
}

function siteOf(file: string): string {
  let folder = posix.dirname(file);
  while (CAMERA_FOLDERS.test(folder)) folder = folder.replace(CAMERA_FOLDERS, '');
  return folder === '.' ? '' : folder;
}
