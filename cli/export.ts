import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { counted } from '../lib/contracts/format';
import {
  readIndexes,
  readLocations,
  readPredictions,
  readTaxa,
  sortFolder,
  writeCamtrapDp,
  writeEventTables,
  writeLabels,
  writeMegaDetector,
  type EventSource,
} from '../lib/export';
import { parseJsonText } from '../lib/io/jsonText';
import { photographsOf } from '../lib/model';
import { readReviewed } from '../lib/review';
import { openStore } from '../lib/store';
import { findSampleUrl } from '../workers/embedded';
import { readSettings } from '../workers/settings';
import { SerengetiError } from '../lib/contracts/errors';
import { withReviewed, type ReviewedOptions } from './reviewed';
import { findCatalog, findIndexes } from './storedSeasons';

/** Where exported events come from. */
export interface SourceOptions {
  readonly catalog?: string;
  readonly seasons?: readonly string[];
  /** What people said of the predictions. */
  readonly reviewed?: boolean;
}

export interface CamtrapDpOptions extends SourceOptions {
  readonly output: string;
  readonly locations: string;
  readonly utcOffset: string;
  readonly taxa?: string;
  readonly descriptor?: string;
}

/** `serengeti export camtrap-dp`. @param predictions - what `predict` wrote; without it, the tables of a run */
export async function exportCamtrapDp(predictions: string | undefined, options: CamtrapDpOptions): Promise<void> {
  const { output, locations, utcOffset, taxa, descriptor } = options;
  const summary = await writeCamtrapDp({
    source: await sourceOf(predictions, options),
    directory: resolve(output),
    locations: await readLocations(locations),
    utcOffset,
    taxa: taxa === undefined ? undefined : await readTaxa(taxa),
    descriptor: descriptor === undefined ? undefined : await readDescriptor(descriptor),
  });
  const { file, deployments, media, observations, undated, forbiddenNames } = summary;
  process.stdout.write(
    `${file}: ${counted(deployments, 'deployment')}, ${counted(media, 'photograph')}, ${counted(observations, 'observation')}\n`,
  );
  if (undated > 0) process.stdout.write(`${counted(undated, 'photograph')} without a time left out\n`);
  if (forbiddenNames > 0) {
    process.stdout.write(`${counted(forbiddenNames, 'photograph')} left out, whose names Camtrap DP forbids\n`);
  }
}

/** `serengeti export events`. */
export async function exportEvents(
  predictions: string | undefined,
  { output, ...options }: SourceOptions & { readonly output: string },
): Promise<void> {
  const { events, counts } = await writeEventTables(await sourceOf(predictions, options), resolve(output));
  process.stdout.write(`${events}: a row an event\n${counts}: events by site, day and label\n`);
}

type LabelOptions = ReviewedOptions & { readonly output: string };

/** `serengeti export labels`. */
export async function exportLabels(predictions: string | undefined, options: LabelOptions): Promise<void> {
  const output = resolve(options.output);
  const rows = await withReviewed(predictions, options, ({ labels }) => writeLabels(labels(), output));
  process.stdout.write(`${output}: ${counted(rows, 'label')} of photographs\n`);
}

/** `serengeti export megadetector`. */
export async function exportMegaDetector(predictions: string | undefined, options: LabelOptions): Promise<void> {
  const output = resolve(options.output);
  await withReviewed(predictions, options, ({ labels }) => writeMegaDetector(labels(), output));
  process.stdout.write(`${output}\n`);
}

export interface SortOptions {
  readonly output: string;
  readonly copy?: boolean;
  readonly minimum?: number;
  readonly people?: number;
}

/** `serengeti sort`: the photographs that `predict` labelled, in folders by class. */
export async function sortPhotographs(predictions: string, options: SortOptions): Promise<void> {
  const output = resolve(options.output);
  const photographs = await photographsOf(resolve(predictions));
  const input = { ...options, predictions: resolve(predictions), photographs, output };
  const { sorted, people, unsure, unlabelled } = await sortFolder(input);
  const lines = [
    `${output}: ${counted(sorted, 'photograph')} by class, ${people} with people apart`,
    ...(unsure > 0 ? [`${counted(unsure, 'photograph')} in unsure/`] : []),
    ...(unlabelled > 0 ? [`${counted(unlabelled, 'file')} that could not be read left out`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function sourceOf(
  predictions: string | undefined,
  { catalog: where, seasons, reviewed }: SourceOptions,
): Promise<EventSource> {
  if (reviewed === true) return await readReviewed(expectPredictions(predictions));
  if (predictions !== undefined) return await readPredictions(resolve(predictions));
  const store = openStore(readSettings().store);
  const { catalog } = await findCatalog(store, where, await findSampleUrl());
  const stored = await findIndexes(store, catalog, seasons);
  const indexes = stored.map(async (index) => ({
    season: index.summary.season,
    directory: (await store.open(index)).path('.'),
  }));
  return readIndexes(await Promise.all(indexes), catalog.emptyClass);
}

function expectPredictions(predictions: string | undefined): string {
  if (predictions !== undefined) return resolve(predictions);
  throw new SerengetiError('INPUT_INVALID', '--reviewed needs the folder that `predict` wrote');
}

async function readDescriptor(path: string): Promise<object> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new SerengetiError('INPUT_INVALID', `${path} cannot be read: ${cause.message}`, { cause });
  });
  const value = parseJsonText(text, path, 'INPUT_INVALID');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new SerengetiError('INPUT_INVALID', `${path} must hold a JSON object`);
}
