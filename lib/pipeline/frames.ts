import type { ArtifactId } from '../contracts/artifact';
import type { Catalog } from '../contracts/catalog';
import { isAtMirrors, type FramesRef } from '../contracts/steps';
import {
  ENTRIES_CSV,
  openArchivedFrames,
  openExtractedFrames,
  openLooseFrames,
  openPackedFrames,
  openRemoteFrames,
  type FrameReader,
} from '../seasons';
import type { WorkOptions } from '../contracts/progress';
import type { ArtifactStore } from '../store';
import { openArchives } from './archives';
import { seasonOf } from './artifacts';
import { remoteSourceOf } from './steps/listArchives';

/** The frames of a season, by file name, wherever they are. The caller closes the reader. */
export async function openFrames(
  store: ArtifactStore,
  catalog: Catalog,
  frames: FramesRef,
  work: WorkOptions = {},
): Promise<FrameReader> {
  const directory = (await store.open(frames)).path('.');
  switch (frames.summary.form) {
    case 'extracted':
      return await openExtractedFrames(directory);
    case 'packed':
      return await openPackedFrames(directory);
    case 'archived':
      return await openArchivedFrames(directory, await openArchives(store, (await store.manifest(frames)).inputs[0]!));
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

/**
 * What is here of a season's frames that are at the mirrors, because it was fetched shard by shard. None where they are
 * not at the mirrors.
 *
 * @param step - only what this step left: the frames themselves, or small copies of them
 */
export async function openFetched(store: ArtifactStore, frames: FramesRef, step?: string): Promise<FrameReader[]> {
  if (!isAtMirrors(frames)) return [];
  const fetched = (await store.list('frames')).filter(
    (manifest) =>
      (step === undefined || manifest.step === step) && manifest.inputs.some(({ key }) => key === frames.key),
  );
  return await Promise.all(fetched.map(async (manifest) => openPackedFrames((await store.open(manifest)).path('.'))));
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
