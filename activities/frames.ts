import type { FramesRef } from '../lib/contracts/steps';
import { openFrames as openFrameReader, type FrameReader } from '../lib/seasons';
import type { ArtifactStore } from '../lib/store';

/** The frames of a season, by file name. The caller closes the reader. */
export async function openFrames(store: ArtifactStore, frames: FramesRef): Promise<FrameReader> {
  const artifact = await store.open(frames);
  return await openFrameReader({ directory: artifact.path('.') });
}
