import type { FeaturizeInput, FeaturizeResult } from '../lib/contracts/run';
import { isAtMirrors, type FramesRef } from '../lib/contracts/steps';
import type { Ledger } from './ledger';
import { beginNewHistory } from './newHistory';
import { answeringLedger } from './progress';
import { showing } from './supervise';

/** More than any fleet takes at once; few enough to stay far below the limit of pending activities. */
const SHARDS_IN_FLIGHT = 64;
/** Frames that are fetched lie on disk until their features exist: a few shards' worth keeps the GPUs busy. */
const FETCHED_SHARDS_IN_FLIGHT = 8;

/**
 * Turns one season's picked frames into features. Shards spread over all gpu workers; where frames are at the mirrors,
 * each shard's are fetched before.
 */
export async function featurizeSeason(input: FeaturizeInput): Promise<FeaturizeResult> {
  const { backbone, pick, frames, shards } = input;
  const ledger = answeringLedger(input.bytesPerSecond);
  const { control } = ledger;
  control.beginAnew = async () =>
    await beginNewHistory<typeof featurizeSeason>({ ...input, bytesPerSecond: control.bytesPerSecond });
  const { season } = frames.summary;
  const isFetched = isAtMirrors(frames);
  const totals = { frames: 0, reused: 0, truncated: 0, unreadable: 0 };
  const fetchedTotals = { shards: 0, wireBytes: 0 };
  let reusedShards = 0;
  let next = 0;

  const takeShards = async (): Promise<void> => {
    while (next < shards) {
      const shard = next++;
      const fetched = isFetched ? await fetchShard(ledger, input, shard) : undefined;
      if (fetched !== undefined) {
        fetchedTotals.shards += 1;
        fetchedTotals.wireBytes += fetched.summary.wireBytes;
      }
      const { ref, reused } = await ledger.make(
        'extractFeatures',
        { id: `features:${season}:${shard}`, summary: `${season}, shard ${shard + 1} of ${shards}` },
        { catalog: input.catalog, backbone, pick, frames, fetched, shard },
      );
      if (fetched !== undefined && input.keepFetched !== true) await shrinkShard(ledger, frames, shard, fetched);
      if (reused) reusedShards += 1;
      totals.frames += ref.summary.frames;
      totals.reused += reused ? ref.summary.frames : ref.summary.reused;
      totals.truncated += ref.summary.truncated;
      totals.unreadable += ref.summary.unreadable;
    }
  };
  const inFlight = isFetched ? FETCHED_SHARDS_IN_FLIGHT : SHARDS_IN_FLIGHT;
  await showing(ledger, async () => {
    await Promise.all(Array.from({ length: Math.min(inFlight, shards) }, takeShards));
    ledger.close('download', 'features');
  });

  return {
    season,
    shards,
    reusedShards,
    ...totals,
    span: ledger.span('features'),
    ...(fetchedTotals.shards > 0 ? { fetched: { ...fetchedTotals, span: ledger.span('download') } } : {}),
  };
}

/** @returns `undefined` where features have all of the shard's frames already */
async function fetchShard(
  ledger: Ledger,
  { catalog, backbone, pick, frames }: FeaturizeInput,
  shard: number,
): Promise<FramesRef | undefined> {
  const { season } = frames.summary;
  const outcome = await ledger.make(
    'fetchFrames',
    { id: `fetch:${season}:${shard}`, summary: `Frames of ${season}, shard ${shard + 1}` },
    { catalog, backbone, pick, frames, shard },
  );
  return outcome?.ref;
}

async function shrinkShard(ledger: Ledger, frames: FramesRef, shard: number, fetched: FramesRef): Promise<void> {
  const { season } = frames.summary;
  await ledger.control.run(
    'shrinkFrames',
    { id: `shrink:${season}:${shard}`, summary: `Small copies of ${season}, shard ${shard + 1}` },
    { frames, fetched },
  );
}
