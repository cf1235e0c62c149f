import type { RegisteredModel } from '../lib/contracts/registry';
import type { ValidationRef } from '../lib/contracts/steps';
import { call } from './activities';
import { featurizeSeason } from './featurizeSeason';
import { executeShared } from './shared';

/**
 * Scores the champion on the very frames that the challenger was validated on. With the same backbone their features are
 * there already; another one looks at them now.
 */
export async function scoreChampion(
  champion: RegisteredModel,
  challenger: RegisteredModel,
  round: number,
): Promise<ValidationRef> {
  const { catalog, pick } = challenger.artifacts;
  const { backbone, model } = champion.artifacts;
  const frames = await call(
    'heldOutFrames',
    { id: `frames:${round}`, summary: `Frames that ${challenger.name} was judged by` },
    { model: challenger },
  );
  if (backbone.key !== challenger.artifacts.backbone.key) {
    await Promise.all(
      frames.map((seasonFrames) => {
        const { season } = seasonFrames.summary;
        const shards = pick.summary.shards.find((part) => part.season === season)?.shards ?? 0;
        const { keepFetched } = challenger.input;
        return executeShared(featurizeSeason, {
          workflowId: `features-${season}-${pick.key.slice(0, 12)}-${backbone.key.slice(0, 12)}`,
          summary: `Features of ${season} for ${champion.name}`,
          input: () => ({ catalog, backbone, pick, frames: seasonFrames, shards, keepFetched }),
        });
      }),
    );
  }
  const score = await call(
    'validateModel',
    { id: `champion:${round}`, summary: `${champion.name} on the frames of ${challenger.name}` },
    { catalog, backbone, model, pick, frames },
  );
  return score.ref;
}
