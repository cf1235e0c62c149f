import type { Outcome } from '../lib/contracts/run';
import type { FramesRef, FramesSummary } from '../lib/contracts/steps';
import { shrinkFrames } from '../lib/seasons';
import { produce } from '../lib/store';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { shrunkenFramesRecipe } from '../lib/pipeline/recipes';

export interface ShrinkFramesInput {
  /** The season's frames at the mirrors. */
  readonly frames: FramesRef;
  /** Those of them that were fetched for one shard. */
  readonly fetched: FramesRef;
}

/** Removes frames that were fetched for one shard, now that its features exist; small copies stay for the pages. */
export function createShrinkFrames({ store }: Dependencies) {
  return ({ frames, fetched }: ShrinkFramesInput): Promise<Outcome<FramesRef>> =>
    durable(async (work) => {
      const outcome = await produce<FramesSummary>(store, {
        recipe: shrunkenFramesRecipe(fetched, frames),
        inventoried: ['frames'],
        work: async (draft) => {
          const directory = draft.path('.');
          const small = await shrinkFrames({ frames: (await store.open(fetched)).path('.'), directory }, work);
          return { season: frames.summary.season, form: 'extracted', archiveBytes: 0, wireBytes: 0, ...small };
        },
      });
      await store.remove(fetched);
      return outcome;
    });
}
