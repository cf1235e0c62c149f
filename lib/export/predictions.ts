import { createReadStream } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { parse } from 'csv-parse';
import { SerengetiError } from '../contracts/errors';
import { pathExists } from '../io/files';
import { parseJsonText } from '../io/jsonText';
import { topLevelValue } from '../io/topLevelValue';
import type { CameraEvent, EventLabel, EventPhotograph, EventSource } from './events';

/** A row of `predictions.csv`, as far as it is needed. */
export interface PredictionRow {
  readonly file: string;
  readonly sequence: string;
  readonly taken: string;
  /** Empty where the photograph could not be read. */
  readonly label: string;
  readonly probability: string;
  /** What the model tells apart, the same in all rows. */
  readonly classes: readonly string[];
  /** One a class. */
  readonly probabilities: readonly string[];
}

/** Predictions as events, with what the model tells apart. */
export interface PredictedEvents extends EventSource {
  readonly classes: readonly string[];
  readonly events: readonly CameraEvent[];
}

const COLUMNS = ['file', 'sequence', 'taken', 'label', 'probability'] as const;
/** Behind it are the classes, whose names may be those of columns. */
const LAST_COLUMN = 'failure';

/** Folders that cameras make, such as `DCIM/100RECNX`: they say nothing of where the camera stood. */
const CAMERA_FOLDERS = /(^|\/)(DCIM|\d{3}\w{5})$/i;
const MOST_INFO_BYTES = 1 << 20;

/**
 * What `predict` wrote into a folder, as events. A site is a folder of photographs, without those that cameras make.
 * Files that could not be read are no part of it.
 *
 * @param answers - how many labels an event has at most, the most probable first
 * @throws SerengetiError INPUT_INVALID where the folder holds no predictions
 */
export async function readPredictions(folder: string, answers = 1): Promise<PredictedEvents> {
  const { classifier, classifier_metadata: metadata } = await infoOf(folder);
  const root = basename(folder).replace(/-predictions(-\d+)?$/, '');
  const events = new Map<string, CameraEvent & { readonly photographs: EventPhotograph[] }>();
  let known: readonly string[] = [];
  for await (const row of predictionRows(folder)) {
    const { file, sequence, taken, label, classes } = row;
    known = classes;
    if (label === '') continue;
    let event = events.get(sequence);
    if (event === undefined) {
      event = { id: sequence, site: siteOf(sequence) || root, photographs: [], labels: labelsOf(row, answers) };
      events.set(sequence, event);
    }
    event.photographs.push({ file, taken: taken === '' ? undefined : Date.parse(`${taken}Z`) });
  }
  for (const { photographs } of events.values()) photographs.sort((a, b) => (a.taken ?? 0) - (b.taken ?? 0));
  const emptyClass = metadata?.empty_class ?? 'empty';
  return { emptyClass, classifiedBy: classifier, classes: known, events: [...events.values()] };
}

/** Where two are as probable, the label of the row comes first. */
function labelsOf({ label, probability, classes, probabilities }: PredictionRow, answers: number): EventLabel[] {
  const first = { label, probability: Number(probability) };
  if (answers === 1) return [first];
  const others = mostProbable(classes, probabilities, answers).filter((other) => other.label !== label);
  return [first, ...others.slice(0, answers - 1)];
}

/** @param probabilities - one a class */
export function mostProbable(
  classes: readonly string[],
  probabilities: readonly string[],
  answers: number,
): EventLabel[] {
  return classes
    .map((label, position) => ({ label, probability: Number(probabilities[position]) }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, answers);
}

/** The rows of `predictions.csv`. */
export async function* predictionRows(folder: string): AsyncGenerator<PredictionRow> {
  const path = join(folder, 'predictions.csv');
  if (!(await pathExists(path))) {
    throw new SerengetiError('INPUT_INVALID', `${folder} has no predictions.csv: name a folder that \`predict\` wrote`);
  }
  let header: readonly string[] | undefined;
  let classes: readonly string[] = [];
  for await (const cells of createReadStream(path).pipe(parse({ bom: true })) as AsyncIterable<string[]>) {
    if (header === undefined) {
      header = cells;
      const end = cells.indexOf(LAST_COLUMN) + 1;
      const lacking = [...COLUMNS, LAST_COLUMN].filter((column) => !cells.slice(0, end).includes(column));
      if (lacking.length > 0)
        throw new SerengetiError('INPUT_INVALID', `${path} lacks the column ${lacking.join(', ')}`);
      classes = cells.slice(end);
      continue;
    }
    const cell = (column: (typeof COLUMNS)[number]): string => cells[header!.indexOf(column)]!;
    yield {
      file: cell('file'),
      sequence: cell('sequence'),
      taken: cell('taken'),
      label: cell('label'),
      probability: cell('probability'),
      classes,
      probabilities: cells.slice(cells.length - classes.length),
    };
  }
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
