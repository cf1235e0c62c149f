import type { Outcome } from '../lib/contracts/run';
import type { RunInput } from '../lib/contracts/runInput';
import type { CatalogRef, IndexRef, PickRef, PickSummary } from '../lib/contracts/steps';
import { pickFrames } from '../lib/metadata';
import { produce } from '../lib/store';
import { readCatalogArtifact } from '../lib/pipeline/artifacts';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { pickRecipe } from '../lib/pipeline/recipes';

export interface PickFramesInput extends Pick<RunInput, 'frames' | 'seed'> {
  readonly catalog: CatalogRef;
  readonly indexes: readonly IndexRef[];
}

/** Chooses which frames stand for which sequences, and on which side of the split. */
export function createPickFrames({ store }: Dependencies) {
  return ({ catalog: catalogRef, indexes, frames, seed }: PickFramesInput): Promise<Outcome<PickRef>> =>
    durable(async (work) => {
      const catalog = await readCatalogArtifact(store, catalogRef);
      const { trainSeasons, validationSeasons } = catalogRef.summary;
      const folders = await Promise.all(
        indexes.map(async (index) => ({
          season: index.summary.season,
          directory: (await store.open(index)).path('.'),
        })),
      );
      return await produce<PickSummary>(store, {
        recipe: pickRecipe(catalog, indexes, { train: trainSeasons, validation: validationSeasons }, { frames, seed }),
        work: (draft) =>
          pickFrames(
            {
              indexes: folders,
              catalog,
              trainSeasons,
              validationSeasons,
              options: frames,
              seed,
              directory: draft.path('.'),
            },
            work,
          ),
      });
    });
}
