import type { Catalog } from '../lib/contracts/catalog';
import type { FramesRef } from '../lib/contracts/steps';
import { openFrames as openFrameReader, openLooseFrames, openRemoteFrames, type FrameReader } from '../lib/seasons';
import type { WorkOptions } from '../lib/contracts/progress';
import type { ArtifactStore } from '../lib/store';
import { openArchives } from './archives';
import { seasonOf } from './artifacts';
import { remoteSourceOf } from './season';

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
      return await openFrameReader({ directory });
    case 'archived':
      return await openFrameReader({
        directory,
        archives: await openArchives(store, (await store.manifest(frames)).inputs[0]!),
      });
    case 'remote':
    case 'loose':
      return await openAtMirrors(catalog, frames, directory, work);
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
