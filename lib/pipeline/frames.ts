import type { ArtifactId } from '../contracts/artifact';
import type { Catalog } from '../contracts/catalog';
import { isSerengetiError, type ErrorCode, type SerengetiError } from '../contracts/errors';
import { isAtMirrors, type FramesRef } from '../contracts/steps';
import {
  ENTRIES_CSV,
  FRAMES_FOLDER,
  openArchivedFrames,
  openExtractedFrames,
  openLooseFrames,
  openPackedFrames,
  openRemoteFrames,
  type FrameReader,
} from '../seasons';
import type { WorkOptions } from '../contracts/progress';
import type { Artifact, ArtifactStore } from '../store';
import { openArchives } from './archives';
import { openSound, seasonOf } from './artifacts';
import { remoteSourceOf } from './steps/listArchives';

/** The frames of a season, by file name, wherever they are. The caller closes the reader. */
export async function openFrames(
  store: ArtifactStore,
  catalog: Catalog,
  frames: FramesRef,
  work: WorkOptions = {},
): Promise<FrameReader> {
  const artifact = await store.open(frames);
  const directory = artifact.path('.');
  switch (frames.summary.form) {
    case 'extracted':
      return ownFrames(store, frames, await openExtractedFrames(directory), FRAMES_FOLDER);
    case 'packed':
      return await openPacked(store, artifact);
    case 'archived':
      return await openArchived(store, catalog, frames, directory, work);
    case 'remote':
    case 'loose':
      return await openAtMirrors(catalog, frames, directory, work);
  }
}

/** Frames of archives are known by their CRC-32; of loose ones only the address tells which they are. */
export function originOf(frames: FramesRef): readonly ArtifactId[] {
  return frames.summary.form === 'loose' ? [frames] : [];
}

/** SHA-256 of what lists the frames; `undefined` where nothing does, because they lie loose. */
export async function listingOf(store: ArtifactStore, frames: FramesRef): Promise<string | undefined> {
  return (await store.manifest(frames)).files.find(({ name }) => name === ENTRIES_CSV)?.sha256;
}

/** What is fetched of a season's frames at the mirrors, shard by shard, and what is made of that. */
export function fetchedFamily(frames: FramesRef): string {
  return frames.key;
}

/**
 * What is here of a season's frames that are at the mirrors, because it was fetched shard by shard. None where they are
 * not at the mirrors.
 *
 * @param step - only what this step left: the frames themselves, or small copies of them
 */
export async function openFetched(store: ArtifactStore, frames: FramesRef, step?: string): Promise<FrameReader[]> {
  if (!isAtMirrors(frames)) return [];
  const all = await store.list('frames', fetchedFamily(frames));
  const fetched = all.filter((manifest) => step === undefined || manifest.step === step);
  return await Promise.all((await openSound(store, fetched)).map((artifact) => openPacked(store, artifact)));
}

async function openPacked(store: ArtifactStore, artifact: Artifact): Promise<FrameReader> {
  return ownFrames(store, artifact.id, await openPackedFrames(artifact.path('.')));
}

/** What a reader says of a listed frame that is not there as it was, or whose place in an archive is not. */
const DAMAGE: readonly ErrorCode[] = ['FRAME_MISSING', 'ENTRY_CORRUPT', 'ARCHIVE_INVALID', 'ARCHIVE_UNSUPPORTED'];

function isDamaged(error: unknown): error is SerengetiError {
  return isSerengetiError(error) && DAMAGE.includes(error.code);
}

/** Another way to a listed frame that is damaged: `instead` finds its bytes, or throws. */
function whereDamaged(
  frames: FrameReader,
  instead: (fileName: string, damage: SerengetiError, signal?: AbortSignal) => Promise<Buffer>,
): FrameReader {
  return {
    ...frames,
    async read(fileName, signal) {
      try {
        return await frames.read(fileName, signal);
      } catch (error) {
        if (!frames.has(fileName) || !isDamaged(error)) throw error;
        return await instead(fileName, error, signal);
      }
    },
  };
}

/**
 * Frames whose CRC-32 was found right when they were stored: those that are other now were damaged here, and their
 * artifact is made anew.
 *
 * @param folder - of the artifact, where each frame is a file of its own
 */
function ownFrames(store: ArtifactStore, id: ArtifactId, frames: FrameReader, folder?: string): FrameReader {
  return whereDamaged(frames, async (fileName, damage) => {
    throw await store.setAside(id, damage, folder && `${folder}/${fileName}`);
  });
}

/** A frame that is damaged in the archives here comes from the mirrors, unless it is the same there. */
async function openArchived(
  store: ArtifactStore,
  catalog: Catalog,
  frames: FramesRef,
  directory: string,
  work: WorkOptions,
): Promise<FrameReader> {
  const archives = await openArchives(store, (await store.manifest(frames)).inputs[0]!);
  const here = await openArchivedFrames(directory, archives);
  return whereDamaged(here, async (fileName, damage, signal) => {
    const bytes = await readAtMirrors(catalog, frames, directory, fileName, { ...work, signal });
    if (bytes === undefined) throw damage;
    work.onWarning?.({ message: `${damage.message}. The frame was fetched from a mirror`, details: damage.details });
    return bytes;
  });
}

async function readAtMirrors(
  catalog: Catalog,
  frames: FramesRef,
  directory: string,
  fileName: string,
  work: WorkOptions,
): Promise<Buffer | undefined> {
  try {
    const mirrors = await openAtMirrors(catalog, frames, directory, work);
    try {
      return await mirrors.read(fileName, work.signal);
    } finally {
      await mirrors.close();
    }
  } catch (error) {
    if (isSerengetiError(error)) return undefined;
    throw error;
  }
}

async function openAtMirrors(
  catalog: Catalog,
  frames: FramesRef,
  directory: string,
  work: WorkOptions,
): Promise<FrameReader> {
  const { mirrors } = catalog;
  const source = await remoteSourceOf({ catalog, season: seasonOf(catalog, frames.summary.season) }, work);
  return source.form === 'loose'
    ? openLooseFrames({ mirrors, folder: source.folder }, work)
    : await openRemoteFrames({ mirrors, archives: source.archives, directory }, work);
}
