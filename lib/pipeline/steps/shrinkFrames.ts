import type { Outcome } from '../../contracts/run';
import type { FramesRef, FramesSummary } from '../../contracts/steps';
import { shrinkFrames } from '../../seasons';
import { produce } from '../../store';
import { task } from '../task';
import { shrunkenFramesRecipe } from '../recipes';

export interface ShrinkFramesInput {
  /** The season's frames at the mirrors. */
  readonly frames: FramesRef;
  /** Those of them that were fetched for one shard. */
  readonly fetched: FramesRef;
}

/** Removes frames that were fetched for one shard, now that its features exist; small copies stay for the pages. */
export const shrinkFramesStep = task({
  name: 'shrinkFrames',
  async run({ store }, { frames, fetched }: ShrinkFramesInput, work): Promise<Outcome<FramesRef>> {
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
  },
});
