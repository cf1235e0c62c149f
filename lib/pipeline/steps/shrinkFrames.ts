import type { Outcome } from '../../contracts/run';
import type { FramesRef, FramesSummary } from '../../contracts/steps';
import { shrinkFrames } from '../../seasons';
import { produce, type Recipe } from '../../store';
import { fetchedFamily } from '../frames';
import { step } from '../step';

function recipe(fetched: FramesRef, frames: FramesRef): Recipe {
  const params = { season: frames.summary.season };
  return { kind: 'frames', step: 'shrinkFrames', version: 2, params, inputs: [fetched, frames] };
}

export interface ShrinkFramesInput {
  /** The season's frames at the mirrors. */
  readonly frames: FramesRef;
  /** Those of them that were fetched for one shard. */
  readonly fetched: FramesRef;
}

/** Removes frames that were fetched for one shard, now that its features exist; small copies stay for the pages. */
export const shrinkFramesStep = step({
  name: 'shrinkFrames',
  kind: 'frames',
  recipe,
  async run({ store }, { frames, fetched }: ShrinkFramesInput, work): Promise<Outcome<FramesRef>> {
    const outcome = await produce<FramesSummary>(store, {
      recipe: recipe(fetched, frames),
      family: fetchedFamily(frames),
      work: async (draft) => {
        const source = (await store.open(fetched)).path('.');
        const { entries, frameBytes, rejected } = await shrinkFrames(
          { frames: source, directory: draft.path('.') },
          work,
        );
        const { season } = frames.summary;
        return { season, form: 'packed', entries, frameBytes, archiveBytes: 0, wireBytes: 0, rejected };
      },
    });
    await store.remove(fetched);
    return outcome;
  },
});
