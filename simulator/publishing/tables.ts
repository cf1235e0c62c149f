import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathExists, writeStreamAtomic } from '../../lib/io/files';
import { metadataMember, metadataPath } from '../plan/names';
import { cocoJson } from './cocoJson';
import { labelsCsv, metadataCsv, type PlannedSeason } from './competitionCsv';
import { ZipDraft } from './zipDraft';

export const TRAIN_FILES = ['train_metadata.csv', 'train_labels.csv'] as const;

/** When all files were made, as far as their time stamps tell. */
const PUBLISHED = Date.UTC(2019, 11, 1);

/** A season's `…json.zip`. */
export async function writeSeasonMetadata(
  directory: string,
  { id, plans }: PlannedSeason,
  size: { width: number; height: number },
  digest: string,
  signal?: AbortSignal,
): Promise<void> {
  const path = join(directory, metadataPath(id));
  if (await pathExists(path)) return;
  const draft = await ZipDraft.open(path, digest);
  try {
    const text = untilAborted(cocoJson(id, plans, size), signal);
    if (draft.zip.entries.length === 0) await draft.zip.addText(metadataMember(id), text, PUBLISHED);
  } catch (error) {
    await draft.leave();
    throw error;
  }
  await draft.commit();
}

export async function writeTrainTables(
  directory: string,
  seasons: readonly PlannedSeason[],
  signal?: AbortSignal,
): Promise<void> {
  await writeTable(join(directory, TRAIN_FILES[0]), metadataCsv(seasons), signal);
  await writeTable(join(directory, TRAIN_FILES[1]), labelsCsv(seasons), signal);
}

/** A CSV that appears whole, unless it is there. */
export async function writeTable(
  path: string,
  chunks: Iterable<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (await pathExists(path)) return;
  await writeStreamAtomic(path, Readable.from(untilAborted(chunks, signal)), signal);
}

function* untilAborted(chunks: Iterable<string>, signal: AbortSignal | undefined): Generator<string> {
  for (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}
