import type { Outcome } from '../../contracts/run';
import type { RunInput } from '../../contracts/runInput';
import type { CatalogRef, IndexRef, PickRef, PickSummary } from '../../contracts/steps';
import { pickFrames } from '../../metadata';
import { produce } from '../../store';
import { readCatalogArtifact } from '../artifacts';
import { task } from '../task';
import { pickRecipe } from '../recipes';

export interface PickFramesInput extends Pick<RunInput, 'frames' | 'seed'> {
  readonly catalog: CatalogRef;
  readonly indexes: readonly IndexRef[];
}

/** Chooses which frames stand for which sequences, and on which side of the split. */
export const pickFramesStep = task({
  name: 'pickFrames',
  async run(
    { store },
    { catalog: catalogRef, indexes, frames, seed }: PickFramesInput,
    work,
  ): Promise<Outcome<PickRef>> {
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
  },
});
