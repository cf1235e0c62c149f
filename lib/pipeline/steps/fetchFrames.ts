import type { PickedFrame } from '../../contracts/pick';
import type { Outcome } from '../../contracts/run';
import type { BackboneRef, CatalogRef, FramesRef, FramesSummary, PickRef } from '../../contracts/steps';
import { ENTRIES_CSV, fetchFrames, fetchLooseFrames, type FetchFramesOptions, type FramesFetch } from '../../seasons';
import { artifactId, produce, type ArtifactStore } from '../../store';
import { task } from '../task';
import { framesOfShard, withoutFeatures } from '../features';
import { featuresRecipe, fetchedFramesRecipe } from '../recipes';
import { limited, openSeason, remoteSourceOf, type CatalogSeason } from '../season';

export interface FetchFramesInput {
  readonly catalog: CatalogRef;
  readonly backbone: BackboneRef;
  readonly pick: PickRef;
  /** The season's frames at the mirrors. */
  readonly frames: FramesRef;
  readonly shard: number;
  readonly bytesPerSecond?: number | null | undefined;
}

/**
 * Fetches the frames of one shard whose features are not there yet, and nothing else.
 *
 * @returns `null` where no frame is missing
 */
export const fetchFramesStep = task({
  name: 'fetchFrames',
  async run({ store }, input: FetchFramesInput, work): Promise<Outcome<FramesRef> | null> {
    const { backbone, pick, frames, shard } = input;
    const picked = await framesOfShard(store, pick, frames.summary.season, shard);
    const features = featuresRecipe(backbone, frames, shard, picked);
    if ((await store.find(artifactId(features))) !== undefined) return null;
    const wanted = await withoutFeatures(store, backbone, frames, shard, picked);
    if (wanted.length === 0) return null;
    const season = await openSeason(store, { catalog: input.catalog, season: frames.summary.season });
    return await produce<FramesSummary>(store, {
      recipe: fetchedFramesRecipe(backbone, pick, frames, shard, wanted),
      inventoried: ['frames'],
      work: async (draft) => {
        const { entries, frameBytes, rejected, wireBytes } = await fetchWanted(store, season, limited(work, input), {
          frames,
          wanted,
          directory: draft.path('.'),
        });
        const form = 'extracted';
        return { season: season.season.id, form, entries, frameBytes, archiveBytes: 0, wireBytes, rejected };
      },
    });
  },
});

async function fetchWanted(
  store: ArtifactStore,
  season: CatalogSeason,
  work: FetchFramesOptions,
  target: {
    readonly frames: FramesRef;
    readonly wanted: readonly PickedFrame[];
    readonly directory: string;
  },
): Promise<FramesFetch> {
  const { mirrors } = season.catalog;
  const { directory } = target;
  const wanted = target.wanted.map(({ fileName }) => fileName);
  const source = await remoteSourceOf(season, work);
  if (source.form === 'loose') {
    return await fetchLooseFrames({ mirrors, folder: source.folder, wanted, directory }, work);
  }
  const entries = (await store.open(target.frames)).path(ENTRIES_CSV);
  const looseFrames = season.season.frames;
  return await fetchFrames({ mirrors, archives: source.archives, entries, wanted, directory, looseFrames }, work);
}
