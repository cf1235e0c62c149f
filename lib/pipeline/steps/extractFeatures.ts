import { join } from 'node:path';
import type { ArtifactId } from '../../contracts/artifact';
import { lookKey, type PickedFrame } from '../../contracts/pick';
import type { Outcome } from '../../contracts/run';
import type { BackboneRef, CatalogRef, FeaturesRef, FeaturesSummary, FramesRef, PickRef } from '../../contracts/steps';
import { readIds, readPickedFrames } from '../../metadata';
import { forEachParallel } from '../../io/parallel';
import { extractFeatures } from '../../model/features';
import { artifactId, digestOf, isDamage, produce, type ArtifactStore, type Recipe } from '../../store';
import { openSound, readCatalogArtifact } from '../artifacts';
import { openFrames, originOf } from '../frames';
import { lookedAt } from '../plan/expected';
import { findMade, madeFrames, step, sumOf } from '../step';

/** Width of EfficientNet-Lite0's features, where no backbone is frozen yet. */
const TYPICAL_WIDTH = 1280;
const BYTES_A_FLOAT = 4;
const SHARDS_AT_ONCE = 4;

/** What tells looks at frames apart from others, wherever their bytes came from. */
export type FrameIdentity = Pick<PickedFrame, 'fileName' | 'crc32' | 'box'>;

export function digestOfFrames(frames: readonly FrameIdentity[]): string {
  return digestOf(frames.map((frame) => [lookKey(frame), frame.crc32]));
}

/**
 * Depends on the frames of a shard by name and CRC-32: not on the pick that chose them, nor on where their bytes came
 * from. Other picks with the same frames share it.
 */
function recipe(backbone: BackboneRef, frames: FramesRef, shard: number, picked: readonly FrameIdentity[]): Recipe {
  const { season } = frames.summary;
  const params = { season, shard, frames: digestOfFrames(picked) };
  return { kind: 'features', step: 'extractFeatures', version: 2, params, inputs: lineageOf(backbone, frames) };
}

function lineageOf(backbone: BackboneRef, frames: FramesRef): readonly ArtifactId[] {
  return [backbone, ...originOf(frames)];
}

/** Features of a season and shard, whichever frames of it they are of: each may have frames that another one wants. */
export function featuresFamily(backbone: BackboneRef, frames: FramesRef, shard: number): string {
  return digestOf([frames.summary.season, shard, lineageOf(backbone, frames).map(({ key }) => key)]);
}

export interface ExtractFeaturesInput {
  readonly catalog: CatalogRef;
  readonly backbone: BackboneRef;
  readonly pick: PickRef;
  readonly frames: FramesRef;
  /** Those of the frames that were fetched for this shard; absent where `frames` gives them. */
  readonly fetched?: FramesRef | undefined;
  readonly shard: number;
}

/** Turns one shard's frames into feature vectors; frames that earlier shards have are taken over. */
export const extractFeaturesStep = step({
  name: 'extractFeatures',
  kind: 'features',
  recipe,
  async run(
    dependencies,
    { catalog: catalogRef, backbone, pick, frames, fetched, shard }: ExtractFeaturesInput,
    work,
  ): Promise<Outcome<FeaturesRef>> {
    const { store } = dependencies;
    const { season } = frames.summary;
    const picked = await framesOfShard(store, pick, season, shard);
    return await produce<FeaturesSummary>(store, {
      recipe: recipe(backbone, frames, shard, picked),
      family: featuresFamily(backbone, frames, shard),
      ...(fetched && { sources: [fetched] }),
      work: async (draft) => {
        const catalog = await readCatalogArtifact(dependencies, catalogRef);
        const source = await openFrames(store, catalog, fetched ?? frames, work);
        try {
          const { timing, ...summary } = await extractFeatures(
            {
              frames: picked,
              readFrame: (fileName) => source.read(fileName),
              featureModelDirectory: (await store.open(backbone)).path('saved_model'),
              preprocessing: backbone.summary.preprocessing,
              earlier: await earlierFeatures(store, backbone, frames, shard),
              directory: draft.path('.'),
            },
            work,
          );
          work.onNote({ message: 'Features', details: { season, shard, ...summary, ...timing } });
          return { season, shard, ...summary };
        } finally {
          await source.close();
        }
      },
    });
  },
  async find({ store, signal }, made) {
    const [pick, backbone] = [made.pickFrames[0], made.prepareBackbone[0]];
    const refs: FeaturesRef[] = [];
    if (pick === undefined || backbone === undefined) return refs;
    for (const { season, shards } of pick.summary.shards) {
      const frames = madeFrames(made, season);
      for (let shard = 0; frames !== undefined && shard < shards; shard++) {
        signal?.throwIfAborted();
        const picked = await framesOfShard(store, pick, season, shard);
        refs.push(...(await findMade<FeaturesSummary>(store, recipe(backbone, frames, shard, picked))));
      }
    }
    return refs;
  },
  /** Frames' features are taken over from any pick's: those of the others have to go too. */
  async forget({ store, seasons }, { prepareBackbone: [backbone] }) {
    return (await store.list('features')).filter(
      ({ params, inputs }) =>
        seasons.some(({ id }) => id === params.season) && inputs.some(({ key }) => key === backbone?.key),
    );
  },
  estimate(run) {
    const { pickFrames, prepareBackbone, extractFeatures: there } = run.made;
    const { train, validation } = lookedAt(run);
    const frames = train + validation - sumOf(there, ({ summary }) => summary.frames);
    const width = prepareBackbone[0]?.summary.featureWidth ?? TYPICAL_WIDTH;
    return {
      reused: there.length,
      parts: sumOf(pickFrames[0]?.summary.shards ?? [], ({ shards }) => shards),
      frames,
      diskBytes: frames * width * BYTES_A_FLOAT,
      work: frames,
    };
  },
  measure: ({ inputs, summary }, backbones) =>
    inputs.some(({ key }) => backbones.has(key)) ? Number(summary.frames) - Number(summary.reused) : undefined,
});

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
  const shards = frames.flatMap((own) => {
    const { season } = own.summary;
    const count = pick.summary.shards.find((part) => part.season === season)?.shards ?? 0;
    return Array.from({ length: count }, (_, shard) => ({ frames: own, season, shard }));
  });
  const folders: FeatureFolder[] = [];
  let damage: Error | undefined;
  await forEachParallel(shards.entries(), SHARDS_AT_ONCE, undefined, async ([position, { season, shard, ...own }]) => {
    const picked = await framesOfShard(store, pick, season, shard);
    try {
      const artifact = await store.open(artifactId(recipe(backbone, own.frames, shard, picked)));
      folders[position] = { season, directory: artifact.path('.') };
    } catch (error) {
      // The others are looked at all the same: what is damaged of them is made anew at one go.
      if (!isDamage(error)) throw error;
      damage ??= error;
    }
  });
  if (damage !== undefined) throw damage;
  return folders;
}

/** Earlier features of a shard's season and backbone, newest first: frames that are in them need not be computed. */
export async function earlierFeatures(
  store: ArtifactStore,
  backbone: BackboneRef,
  frames: FramesRef,
  shard: number,
): Promise<string[]> {
  const manifests = await store.list('features', featuresFamily(backbone, frames, shard));
  return (await openSound(store, manifests)).map((artifact) => artifact.path('.'));
}

/** The frames of a shard that no earlier features have. */
export async function withoutFeatures(
  store: ArtifactStore,
  backbone: BackboneRef,
  frames: FramesRef,
  shard: number,
  picked: readonly PickedFrame[],
): Promise<PickedFrame[]> {
  const missing = new Map(picked.map((frame) => [lookKey(frame), frame]));
  for (const directory of await earlierFeatures(store, backbone, frames, shard)) {
    if (missing.size === 0) break;
    for (const id of await readIds(join(directory, 'ids.parquet'))) {
      if (missing.get(lookKey(id))?.crc32 === id.crc32) missing.delete(lookKey(id));
    }
  }
  return [...missing.values()];
}
