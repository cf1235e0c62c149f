import type { Mirror } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import { openRemoteReader } from '../mirrors/remoteReader';
import type { SourceFile } from '../mirrors/source';
import type { Extraction } from './entriesCsv';
import { openArchivedFrames, type FrameReader } from './frames';
import { listArchives } from './unzip';

export interface RemoteArchives {
  readonly mirrors: readonly Mirror[];
  /** As they were probed; each readable in parts at a mirror at least: see {@link areRanged}. */
  readonly archives: readonly SourceFile[];
  /** With `entries.csv` and `rejected.csv`. */
  readonly directory: string;
}

/** Whether all archives can be read in parts. */
export function areRanged(archives: readonly SourceFile[]): boolean {
  return archives.every(({ at }) => at.some(({ ranges }) => ranges));
}

export interface RemoteListing extends Extraction {
  /** Of the directories, as they came over the wire. */
  readonly wireBytes: number;
}

/**
 * Lists a season's archives from their mirrors, without downloading them: `directory/entries.csv` and `rejected.csv`,
 * the same that extraction would write of sound archives.
 */
export async function listRemoteArchives(
  { mirrors, archives, directory }: RemoteArchives,
  options: WorkOptions = {},
): Promise<RemoteListing> {
  const readers = archives.map((archive) => openRemoteReader(mirrors, archive, options));
  try {
    const listing = await listArchives({ archives: readers, directory }, options);
    return { ...listing, wireBytes: readers.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0) };
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
}

/** Reads single frames out of the archives at their mirrors. */
export async function openRemoteFrames(
  { mirrors, archives, directory }: RemoteArchives,
  options: Pick<WorkOptions, 'onWarning'> = {},
): Promise<FrameReader> {
  const readers = archives.map((archive) => openRemoteReader(mirrors, archive, options));
  return await openArchivedFrames(directory, readers);
}
