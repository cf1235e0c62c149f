import { constants } from 'node:fs';
import { copyFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SerengetiError } from '../contracts/errors';
import { kindOfLabel } from '../contracts/labelNames';
import { makeFolder, pathExists, temporaryPath } from '../io/files';
import { infoOf, predictionRows, type PredictionRow } from './predictions';

/** Where photographs go that may show people. */
export const PEOPLE_FOLDER = 'people';
/** Where those go that the model is less sure of than was asked for. */
export const UNSURE_FOLDER = 'unsure';
/** Where all others go, by class. */
export const CLASSES_FOLDER = 'classes';

export interface SortInput {
  /** What `predict` wrote. */
  readonly predictions: string;
  /** The photographs it labelled. */
  readonly photographs: string;
  /** New folder for `people/`, `unsure/` and `classes/CLASS/`. */
  readonly output: string;
  /** Copies instead of links. @default false */
  readonly copy?: boolean;
  /** The least probability of a label that counts. @default 0 */
  readonly minimum?: number;
  /** The least probability of a person for which a photograph goes to the people. @default 0.2 */
  readonly people?: number;
}

export interface SortSummary {
  readonly sorted: number;
  readonly people: number;
  readonly unsure: number;
  /** Without a label: files that could not be read. */
  readonly unlabelled: number;
}

/**
 * Sorts labelled photographs into folders, each below its class at the path that it had. Photographs that may show people
 * are kept apart from all others, so that the folder of classes can be shared. The folder appears whole or not at all, and
 * the photographs stay where they are.
 *
 * @throws SerengetiError INPUT_INVALID where there is something at `output`, or a photograph is not there any more
 */
export async function sortFolder(input: SortInput, signal?: AbortSignal): Promise<SortSummary> {
  const { predictions, output } = input;
  if (await pathExists(output)) {
    throw new SerengetiError('INPUT_INVALID', `${output} is there already: name a new folder, or move it away`);
  }
  const { classifier_metadata: metadata } = await infoOf(predictions);
  const place = placement(input, metadata?.empty_class ?? 'empty');
  const draft = temporaryPath(output);
  const counts = { sorted: 0, people: 0, unsure: 0, unlabelled: 0 };
  try {
    await makeFolder(draft);
    for await (const row of predictionRows(predictions)) {
      signal?.throwIfAborted();
      if (row.label === '') {
        counts.unlabelled += 1;
        continue;
      }
      const folder = place(row);
      await put(input, row.file, join(draft, folder, row.file));
      if (folder === PEOPLE_FOLDER) counts.people += 1;
      else if (folder === UNSURE_FOLDER) counts.unsure += 1;
      else counts.sorted += 1;
    }
    await rename(draft, output);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return counts;
}

/** The folder that a photograph goes to. */
function placement({ minimum = 0, people = 0.2 }: SortInput, emptyClass: string): (row: PredictionRow) => string {
  const isPerson = (label: string): boolean => kindOfLabel(label, emptyClass) === 'person';
  return (row) => {
    const persons = row.probabilities.filter((_, position) => isPerson(row.classes[position]!));
    const person = persons.reduce((sum, probability) => sum + Number(probability), 0);
    if (isPerson(row.label) || (persons.length > 0 && person >= people)) return PEOPLE_FOLDER;
    return Number(row.probability) < minimum ? UNSURE_FOLDER : join(CLASSES_FOLDER, folderName(row.label));
  };
}

/** A class as every system can name a folder. */
function folderName(label: string): string {
  // eslint-disable-next-line no-control-regex
  const name = label.replace(/[/\\:*?"<>|\x00-\x1f]/g, '-').replace(/[. ]+$/, '');
  return name === '' ? '-' : name;
}

async function put({ photographs, copy }: SortInput, file: string, target: string): Promise<void> {
  const source = join(photographs, file);
  await makeFolder(dirname(target));
  if (!(await pathExists(source))) {
    throw new SerengetiError('INPUT_INVALID', `${source} is not there any more: run \`predict\` on the folder again`);
  }
  if (copy === true) await copyFile(source, target, constants.COPYFILE_FICLONE);
  else await symlink(source, target);
}
