import type { Mirror } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import { SerengetiError } from '../../contracts/errors';
import { isMissing } from '../../http/failures';
import { openRemoteReader } from '../mirrors/remoteReader';
import type { SourceFile } from '../mirrors/source';
import { openFrames, type FrameReader } from './frames';
import { LooseFrames } from './looseFrames';
import type { Extraction } from './entriesCsv';
import { listArchives } from './unzip';

const LOOSE_CONNECTIONS = 4;

export interface RemoteArchives {
  readonly mirrors: readonly Mirror[];
  /** As they were probed; each readable in parts at a mirror at least: see {@link areRanged}. */
  readonly archives: readonly SourceFile[];
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
  { mirrors, archives, directory }: RemoteArchives & { readonly directory: string },
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
  { mirrors, archives, directory }: RemoteArchives & { readonly directory: string },
  options: Pick<WorkOptions, 'onWarning'> = {},
): Promise<FrameReader> {
  const readers = archives.map((archive) => openRemoteReader(mirrors, archive, options));
  const closeAll = async (): Promise<void> => {
    await Promise.all(readers.map((reader) => reader.close()));
  };
  try {
    const frames = await openFrames({ directory, archives: readers });
    return {
      has: (fileName) => frames.has(fileName),
      read: (fileName, signal) => frames.read(fileName, signal),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Reads single frames that lie loose below a folder at the mirrors. Nothing lists them: each may be there. */
export function openLooseFrames(
  { mirrors, folder }: { readonly mirrors: readonly Mirror[]; readonly folder: string },
  { onWarning }: Pick<WorkOptions, 'onWarning'> = {},
): FrameReader {
  const loose = new LooseFrames(mirrors, folder, { connections: LOOSE_CONNECTIONS, onWarning });
  return {
    has: () => true,
    read: async (fileName, signal) => {
      try {
        return await loose.read({ name: fileName }, signal);
      } catch (error) {
        if (!isMissing(error)) throw error;
        throw new SerengetiError('FRAME_MISSING', `No frame "${fileName}": no mirror has it in ${folder}`, {
          cause: error,
          details: { fileName, folder },
        });
      }
    },
    close: () => loose.close(),
  };
}
