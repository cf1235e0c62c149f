import type { Catalog } from '../../contracts/catalog';
import type { Outcome } from '../../contracts/run';
import type { RunInput } from '../../contracts/runInput';
import type { CatalogRef, CatalogSummary } from '../../contracts/steps';
import { chooseSeasons, loadLastingCatalog } from '../../seasons';
import { digestOf, produce, type Recipe } from '../../store';
import { writeFileAtomic } from '../../io/files';
import { step } from '../step';

function recipe(catalog: Catalog, trainSeasons: readonly string[], validationSeasons: readonly string[]): Recipe {
  const params = { catalog, trainSeasons, validationSeasons };
  return { kind: 'catalog', step: 'readCatalog', version: 2, params, inputs: [] };
}

/** Reads the catalog as it is now and fixes it for the run: a catalog that changes later does not change a run under way. */
export const readCatalogStep = step({
  name: 'readCatalog',
  kind: 'catalog',
  recipe,
  estimate: () => ({ reused: 1, parts: 1 }),
  async run(
    { store, sampleUrl },
    request: Pick<RunInput, 'catalog' | 'trainSeasons' | 'validationSeasons'>,
    { signal },
  ): Promise<Outcome<CatalogRef>> {
    const catalog = await loadLastingCatalog(request.catalog, { signal, sampleUrl });
    const { train, validation } = chooseSeasons(catalog, request);
    return await produce<CatalogSummary>(store, {
      recipe: recipe(catalog, train, validation),
      work: async (draft) => {
        await writeFileAtomic(draft.path('catalog.json'), `${JSON.stringify(catalog, undefined, 2)}\n`);
        return {
          name: catalog.name,
          seasons: catalog.seasons.length,
          classes: catalog.classes.length,
          trainSeasons: train,
          validationSeasons: validation,
          sources: sourcesOf(catalog, [...train, ...validation]),
        };
      },
    });
  },
});

/** The same for every catalog that has a season at the same place, whatever else is in it and however a run splits it. */
function sourcesOf({ mirrors, seasons }: Catalog, wanted: readonly string[]): CatalogSummary['sources'] {
  const chosen = seasons.filter(({ id }) => wanted.includes(id));
  return Object.fromEntries(chosen.map((season) => [season.id, digestOf({ mirrors, season }).slice(0, 12)]));
}
