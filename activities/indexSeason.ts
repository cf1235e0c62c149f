import type { Outcome } from '../lib/contracts/run';
import type { CatalogRef, FramesRef, IndexRef, IndexSummary, MetadataRef } from '../lib/contracts/steps';
import { indexSeason } from '../lib/metadata';
import { ENTRIES_CSV } from '../lib/seasons';
import { produce } from '../lib/store';
import { readCatalogArtifact, seasonOf } from '../lib/pipeline/artifacts';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { listingOf } from '../lib/pipeline/frames';
import { indexRecipe } from '../lib/pipeline/recipes';

export interface IndexSeasonInput {
  readonly catalog: CatalogRef;
  readonly metadata: MetadataRef;
  readonly frames: FramesRef;
}

/** Turns a season's metadata and the list of its archive's entries into tables. */
export function createIndexSeason({ store }: Dependencies) {
  return ({ catalog: catalogRef, metadata, frames }: IndexSeasonInput): Promise<Outcome<IndexRef>> =>
    durable(async (work) => {
      const catalog = await readCatalogArtifact(store, catalogRef);
      const season = seasonOf(catalog, metadata.summary.season);
      const [metadataArtifact, framesArtifact] = await Promise.all([store.open(metadata), store.open(frames)]);
      const listing = await listingOf(store, frames);
      return await produce<IndexSummary>(store, {
        recipe: indexRecipe(catalog, season, metadata, frames, listing),
        sources: [frames],
        work: (draft) =>
          indexSeason(
            {
              season,
              catalog,
              metadataFiles: metadata.summary.files.map((name) => metadataArtifact.path(`files/${name}`)),
              entriesCsv: listing === undefined ? undefined : framesArtifact.path(ENTRIES_CSV),
              directory: draft.path('.'),
            },
            work,
          ),
      });
    });
}
