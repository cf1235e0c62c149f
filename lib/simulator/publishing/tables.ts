import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pathExists, writeStreamAtomic } from '../../store/files';
import { metadataMember, metadataPath } from '../plan/names';
import { cocoJson } from './cocoJson';
import { labelsCsv, metadataCsv, submissionFormatCsv, type PlannedSeason } from './competitionCsv';
import { ZipDraft } from './zipDraft';

export const TRAIN_FILES = ['train_metadata.csv', 'train_labels.csv'] as const;
export const TEST_FILES = ['test_metadata.csv', 'submission_format.csv'] as const;

/** When all files were made, as far as their time stamps tell. */
const PUBLISHED = Date.UTC(2019, 11, 1);

export const flatName = (fileName: string): string => basename(fileName);

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

export async function writeTestTables(
  directory: string,
  seasons: readonly PlannedSeason[],
  signal?: AbortSignal,
): Promise<void> {
  const flat = metadataCsv(seasons, ({ fileName }) => flatName(fileName));
  await writeTable(join(directory, TEST_FILES[0]), flat, signal);
  await writeTable(join(directory, TEST_FILES[1]), submissionFormatCsv(seasons), signal);
}

async function writeTable(path: string, chunks: Iterable<string>, signal: AbortSignal | undefined): Promise<void> {
  if (await pathExists(path)) return;
  await writeStreamAtomic(path, Readable.from(untilAborted(chunks, signal)), signal);
}

function* untilAborted(chunks: Iterable<string>, signal: AbortSignal | undefined): Generator<string> {
  for (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}
