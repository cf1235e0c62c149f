import { join } from 'node:path';
import type { Manifest } from '../contracts/artifact';
import type { PickedFrame } from '../contracts/pick';
import type { BackboneRef, FramesRef, PickRef } from '../contracts/steps';
import { readIds, readPickedFrames } from '../metadata';
import { artifactId, type ArtifactStore } from '../store';
import { featuresLineage, featuresRecipe } from './recipes';

/** A season's features as other steps open them. */
export interface FeatureFolder {
  readonly season: string;
  readonly directory: string;
}

/** The picked frames of one shard, in the order of its features. */
export async function framesOfShard(
  store: ArtifactStore,
  pick: PickRef,
  season: string,
  shard: number,
): Promise<PickedFrame[]> {
  const artifact = await store.open(pick);
  return await readPickedFrames(artifact.path('.'), { season, shard });
}

/**
 * The folders of all features of some seasons. Their keys follow from the pick, so that no list of thousands of shards
 * has to travel through the workflow.
 */
export async function featureFolders(
  store: ArtifactStore,
  {
    backbone,
    pick,
    frames,
  }: { readonly backbone: BackboneRef; readonly pick: PickRef; readonly frames: readonly FramesRef[] },
): Promise<FeatureFolder[]> {
  const folders: FeatureFolder[] = [];
  for (const seasonFrames of frames) {
    const { season } = seasonFrames.summary;
    const shards = pick.summary.shards.find((part) => part.season === season)?.shards ?? 0;
    for (let shard = 0; shard < shards; shard++) {
      const picked = await framesOfShard(store, pick, season, shard);
      const artifact = await store.open(artifactId(featuresRecipe(backbone, seasonFrames, shard, picked)));
      folders.push({ season, directory: artifact.path('.') });
    }
  }
  return folders;
}

/** Earlier features of a shard's season and backbone, newest first: frames that are in them need not be computed. */
export async function earlierFeatures(
  store: ArtifactStore,
  backbone: BackboneRef,
  frames: FramesRef,
  shard: number,
): Promise<string[]> {
  const { season } = frames.summary;
  const lineage = featuresLineage(backbone, frames).map(({ key }) => key);
  const fits = ({ inputs, params }: Manifest): boolean =>
    params.season === season && params.shard === shard && inputs.map(({ key }) => key).join() === lineage.join();
  const manifests = (await store.list('features')).filter(fits);
  return await Promise.all(manifests.map(async (manifest) => (await store.open(manifest)).path('.')));
}

/** The frames of a shard that no earlier features have. */
export async function withoutFeatures(
  store: ArtifactStore,
  backbone: BackboneRef,
  frames: FramesRef,
  shard: number,
  picked: readonly PickedFrame[],
): Promise<PickedFrame[]> {
  const missing = new Map(picked.map((frame) => [frame.fileName, frame]));
  for (const directory of await earlierFeatures(store, backbone, frames, shard)) {
    if (missing.size === 0) break;
    for (const { fileName, crc32 } of await readIds(join(directory, 'ids.parquet'))) {
      if (missing.get(fileName)?.crc32 === crc32) missing.delete(fileName);
    }
  }
  return [...missing.values()];
}
