import { continueAsNew } from '@temporalio/workflow';
import type { FeaturizeInput, FeaturizeResult } from '../lib/contracts/run';
import { isAtMirrors, type FramesRef } from '../lib/contracts/steps';
import { gpu, tables, transfers } from './activities';
import type { Ledger } from './ledger';
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
  control.onLongHistory = async () =>
    await continueAsNew<typeof featurizeSeason>({ ...input, bytesPerSecond: control.bytesPerSecond });
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
      const activityId = `features:${season}:${shard}`;
      const { ref, reused } = await ledger.part(
        'features',
        activityId,
        () =>
          gpu.extractFeatures.executeWithOptions(
            { activityId, summary: `${season}, shard ${shard + 1} of ${shards}` },
            [{ catalog: input.catalog, backbone, pick, frames, fetched, shard }],
          ),
        ({ summary }) => summary.frames,
      );
      if (fetched !== undefined && !input.keepFrames) await shrinkShard(ledger, frames, shard, fetched);
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
  const activityId = `fetch:${frames.summary.season}:${shard}`;
  return await ledger.partIfAny(
    'download',
    activityId,
    () =>
      transfers.fetchFrames.executeWithOptions(
        { activityId, summary: `Frames of ${frames.summary.season}, shard ${shard + 1}` },
        [{ catalog, backbone, pick, frames, shard, bytesPerSecond: ledger.control.bytesPerSecond }],
      ),
    ({ summary }) => summary.wireBytes,
  );
}

async function shrinkShard(ledger: Ledger, frames: FramesRef, shard: number, fetched: FramesRef): Promise<void> {
  const { season } = frames.summary;
  const activityId = `shrink:${season}:${shard}`;
  await ledger.control.attempt({ step: 'features', part: activityId }, () =>
    tables.shrinkFrames.executeWithOptions({ activityId, summary: `Small copies of ${season}, shard ${shard + 1}` }, [
      { frames, fetched },
    ]),
  );
}
