import type { Outcome } from '../lib/contracts/run';
import type { RunInput } from '../lib/contracts/runInput';
import type { CatalogRef, CatalogSummary } from '../lib/contracts/steps';
import { chooseSeasons, loadCatalog } from '../lib/seasons';
import { produce } from '../lib/store';
import { writeFileAtomic } from '../lib/io/files';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { catalogRecipe } from '../lib/pipeline/recipes';

/** Reads the catalog as it is now and fixes it for the run: a catalog that changes later does not change a run under way. */
export function createReadCatalog({ store, sampleUrl }: Dependencies) {
  return (request: Pick<RunInput, 'catalog' | 'trainSeasons' | 'validationSeasons'>): Promise<Outcome<CatalogRef>> =>
    durable(async ({ signal }) => {
      const catalog = await loadCatalog(request.catalog, { signal, sampleUrl });
      const { train, validation } = chooseSeasons(catalog, request);
      return await produce<CatalogSummary>(store, {
        recipe: catalogRecipe(catalog, train, validation),
        work: async (draft) => {
          await writeFileAtomic(draft.path('catalog.json'), `${JSON.stringify(catalog, undefined, 2)}\n`);
          return {
            name: catalog.name,
            seasons: catalog.seasons.length,
            classes: catalog.classes.length,
            trainSeasons: train,
            validationSeasons: validation,
          };
        },
      });
    });
}
