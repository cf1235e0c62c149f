import type { PickedFrame } from '../../contracts/pick';
import type { Outcome } from '../../contracts/run';
import type { BackboneRef, CatalogRef, FramesRef, FramesSummary, PickRef } from '../../contracts/steps';
import { ENTRIES_CSV, fetchFrames, fetchLooseFrames, type FetchFramesOptions, type FramesFetch } from '../../seasons';
import { artifactId, produce, type ArtifactStore, type Recipe } from '../../store';
import { fetchedFamily } from '../frames';
import { lookedAt, TYPICAL } from '../plan/expected';
import { limited, openSeason, type CatalogSeason } from '../season';
import { step } from '../step';
import {
  digestOfFrames,
  extractFeaturesStep,
  framesOfShard,
  withoutFeatures,
  type FrameIdentity,
} from './extractFeatures';
import { remoteSourceOf } from './listArchives';

/** Frames fetched for one shard belong to one pick and backbone, so that nobody else discards them. */
function recipe(
  backbone: BackboneRef,
  pick: PickRef,
  frames: FramesRef,
  shard: number,
  wanted: readonly FrameIdentity[],
): Recipe {
  const params = { season: frames.summary.season, shard, frames: digestOfFrames(wanted) };
  return { kind: 'frames', step: 'fetchFrames', version: 2, params, inputs: [backbone, pick, frames] };
}

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
export const fetchFramesStep = step({
  name: 'fetchFrames',
  kind: 'frames',
  recipe,
  // Which of the frames features exist of is known only when the run comes to them.
  estimate(run) {
    if (run.input.frameSource !== 'mirrors') return undefined;
    const { train, validation } = lookedAt(run);
    const bytes = (train + validation) * TYPICAL.bytesAFrame;
    return { reused: 0, parts: 0, fetchBytes: bytes, work: bytes };
  },
  async run(dependencies, input: FetchFramesInput, work): Promise<Outcome<FramesRef> | null> {
    const { store } = dependencies;
    const { backbone, pick, frames, shard } = input;
    const picked = await framesOfShard(store, pick, frames.summary.season, shard);
    const features = extractFeaturesStep.recipe(backbone, frames, shard, picked);
    if ((await store.find(artifactId(features))) !== undefined) return null;
    const wanted = await withoutFeatures(store, backbone, frames, shard, picked);
    if (wanted.length === 0) return null;
    const season = await openSeason(dependencies, { catalog: input.catalog, season: frames.summary.season });
    // Each frame was checked by its CRC-32, and is again when it is read.
    const undigested: string[] = [];
    return await produce<FramesSummary>(store, {
      recipe: recipe(backbone, pick, frames, shard, wanted),
      family: fetchedFamily(frames),
      undigested,
      work: async (draft) => {
        const target = { frames, wanted, directory: draft.path('.') };
        const { archive, entries, frameBytes, rejected, wireBytes } = await fetchWanted(
          store,
          season,
          limited(work, input),
          target,
        );
        undigested.push(archive);
        const form = 'packed';
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
  const wanted = [...new Set(target.wanted.map(({ fileName }) => fileName))];
  const source = await remoteSourceOf(season, work);
  if (source.form === 'loose') {
    return await fetchLooseFrames({ mirrors, folder: source.folder, wanted, directory }, work);
  }
  const entries = (await store.open(target.frames)).path(ENTRIES_CSV);
  const looseFrames = season.season.frames;
  return await fetchFrames({ mirrors, archives: source.archives, entries, wanted, directory, looseFrames }, work);
}
