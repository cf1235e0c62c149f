import type { BackboneRef, FeaturesSummary, FramesRef } from '../../../lib/contracts/steps';
import { forEachParallel } from '../../../lib/io/parallel';
import { earlierFeatures, extractFeaturesStep, featuresFamily } from '../../../lib/pipeline/steps/extractFeatures';
import { artifactId, type ArtifactStore } from '../../../lib/store';
import { stores } from '../store/object/support';

const world = stores();

/** As many as eleven seasons of Snapshot Serengeti have, the first frame of each sequence looked at. */
const SHARDS = 1_321;
const LOOKED_UP = [0, 1, 660, SHARDS - 1];

const backbone = { kind: 'backbone', key: 'b'.repeat(64) } as BackboneRef;
const frames = { kind: 'frames', key: 'f'.repeat(64), summary: { season: 'S1', form: 'remote' } } as FramesRef;

/** Leaves an artifact as the features of a shard do. */
async function makeShard(store: ArtifactStore, shard: number): Promise<void> {
  const recipe = extractFeaturesStep.recipe(backbone, frames, shard, []);
  const family = featuresFamily(backbone, frames, shard);
  const summary = { season: 'S1', shard } as FeaturesSummary;
  await (await store.draft(artifactId(recipe))).commit({ ...recipe, family, summary, seconds: 1 });
}

it('what a shard can take over is found with as many requests beside thousands of shards as beside none', async () => {
  const maker = world.open('many');
  await makeShard(maker, 0);
  const alone = world.open('many', { overLink: true });
  expect(await earlierFeatures(alone, backbone, frames, 0)).toHaveLength(1);
  const beside = world.link.passed.length;

  await forEachParallel(Array.from({ length: SHARDS }).keys(), 16, undefined, (shard) => makeShard(maker, shard));
  for (const shard of LOOKED_UP) {
    world.link.passed.length = 0;
    expect(await earlierFeatures(world.open('many', { overLink: true }), backbone, frames, shard)).toHaveLength(1);
    expect(world.link.passed).toHaveLength(beside);
  }
  expect(beside).toBeLessThanOrEqual(3);
});
