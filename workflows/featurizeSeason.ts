import { continueAsNew } from '@temporalio/workflow';
import type { FeaturizeInput, FeaturizeResult } from '../lib/contracts/run';
import { gpu } from './activities';
import { answeringLedger } from './progress';
import { showDetails } from './supervise';

/** More than any fleet takes at once; few enough to stay far below the limit of pending activities. */
const SHARDS_IN_FLIGHT = 64;

/** Turns one season's picked frames into features. Shards spread over all gpu workers. */
export async function featurizeSeason(input: FeaturizeInput): Promise<FeaturizeResult> {
  const { backbone, pick, frames, shards } = input;
  const ledger = answeringLedger();
  showDetails(ledger);
  ledger.control.onLongHistory = async () => await continueAsNew<typeof featurizeSeason>(input);
  const { season } = frames.summary;
  const totals = { frames: 0, reused: 0, truncated: 0, unreadable: 0 };
  let reusedShards = 0;
  let next = 0;

  const takeShards = async (): Promise<void> => {
    while (next < shards) {
      const shard = next++;
      const activityId = `features:${season}:${shard}`;
      const { ref, reused } = await ledger.part(
        'features',
        activityId,
        () =>
          gpu.extractFeatures.executeWithOptions(
            { activityId, summary: `${season}, shard ${shard + 1} of ${shards}` },
            [{ backbone, pick, frames, shard }],
          ),
        ({ summary }) => summary.frames,
      );
      if (reused) reusedShards += 1;
      totals.frames += ref.summary.frames;
      totals.reused += reused ? ref.summary.frames : ref.summary.reused;
      totals.truncated += ref.summary.truncated;
      totals.unreadable += ref.summary.unreadable;
    }
  };
  await Promise.all(Array.from({ length: Math.min(SHARDS_IN_FLIGHT, shards) }, takeShards));
  ledger.close('features');

  return { season, shards, reusedShards, ...totals, span: ledger.span('features') };
}
