import type { Outcome } from '../../contracts/run';
import type { CatalogRef, FramesRef, IndexRef, IndexSummary, MetadataRef } from '../../contracts/steps';
import { indexSeason } from '../../metadata';
import { ENTRIES_CSV } from '../../seasons';
import { produce } from '../../store';
import { readCatalogArtifact, seasonOf } from '../artifacts';
import { task } from '../task';
import { listingOf } from '../frames';
import { indexRecipe } from '../recipes';

export interface IndexSeasonInput {
  readonly catalog: CatalogRef;
  readonly metadata: MetadataRef;
  readonly frames: FramesRef;
}

/** Turns a season's metadata and the list of its archive's entries into tables. */
export const indexSeasonStep = task({
  name: 'indexSeason',
  async run({ store }, { catalog: catalogRef, metadata, frames }: IndexSeasonInput, work): Promise<Outcome<IndexRef>> {
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
  },
});
