import type { Catalog } from '../../contracts/catalog';
import type { Outcome } from '../../contracts/run';
import { cropOf, type RunInput } from '../../contracts/runInput';
import type { CatalogRef, CatalogSummary, IndexRef, PickRef, PickSummary } from '../../contracts/steps';
import { pickFrames } from '../../metadata';
import { produce, type Recipe } from '../../store';
import { readCatalogArtifact } from '../artifacts';
import { listedFrames } from '../plan/expected';
import { findMade, step, sumOf } from '../step';

function recipe(
  { classes, emptyClass }: Catalog,
  indexes: readonly IndexRef[],
  { trainSeasons: train, validationSeasons: validation }: Pick<CatalogSummary, 'trainSeasons' | 'validationSeasons'>,
  { frames, seed, model }: Pick<RunInput, 'frames' | 'seed' | 'model'>,
): Recipe {
  const crop = cropOf(model);
  const params = { classes, emptyClass, train, validation, frames, seed, ...(crop && { crop }) };
  return { kind: 'pick', step: 'pickFrames', version: 2, params, inputs: indexes };
}

export interface PickFramesInput extends Pick<RunInput, 'frames' | 'seed' | 'model'> {
  readonly catalog: CatalogRef;
  readonly indexes: readonly IndexRef[];
}

/** Chooses which frames stand for which sequences, and on which side of the split. */
export const pickFramesStep = step({
  name: 'pickFrames',
  kind: 'pick',
  recipe,
  async run(
    { store },
    { catalog: catalogRef, indexes, frames, seed, model }: PickFramesInput,
    work,
  ): Promise<Outcome<PickRef>> {
    const catalog = await readCatalogArtifact({ store }, catalogRef);
    const { trainSeasons, validationSeasons } = catalogRef.summary;
    const folders = await Promise.all(
      indexes.map(async (index) => ({
        season: index.summary.season,
        directory: (await store.open(index)).path('.'),
      })),
    );
    return await produce<PickSummary>(store, {
      recipe: recipe(catalog, indexes, catalogRef.summary, { frames, seed, model }),
      work: (draft) =>
        pickFrames(
          {
            indexes: folders,
            catalog,
            trainSeasons,
            validationSeasons,
            options: frames,
            crop: cropOf(model),
            seed,
            directory: draft.path('.'),
          },
          work,
        ),
    });
  },
  async find({ store, catalog, split, input, seasons }, { indexSeason: indexes }) {
    if (indexes.length < seasons.length) return [];
    return await findMade<PickSummary>(store, recipe(catalog, indexes, split, input));
  },
  estimate: ({ seasons, made }) => ({
    reused: made.pickFrames.length,
    parts: 1,
    work: sumOf(seasons, (season) => listedFrames(season, made)),
  }),
  measure: ({ summary }) => Number(summary.trainFrames) + Number(summary.validationFrames),
});
