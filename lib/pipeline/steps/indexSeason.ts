import type { Catalog, Season } from '../../contracts/catalog';
import type { Outcome } from '../../contracts/run';
import type { CatalogRef, FramesRef, IndexRef, IndexSummary, MetadataRef } from '../../contracts/steps';
import { indexSeason } from '../../metadata';
import { ENTRIES_CSV } from '../../seasons';
import { produce, type Recipe } from '../../store';
import { readCatalogArtifact, seasonOf } from '../artifacts';
import { listingOf, originOf } from '../frames';
import { listedFrames } from '../plan/expected';
import { findMade, madeFrames, ofSeason, step, sumOf } from '../step';

/**
 * Depends on what the archives list, not on where they are: extracted, read in place or at the mirrors, the tables are
 * the same.
 *
 * @param listing - SHA-256 of `entries.csv`; absent where frames lie loose
 */
function recipe(
  catalog: Catalog,
  season: Season,
  metadata: MetadataRef,
  frames: FramesRef,
  listing: string | undefined,
): Recipe {
  const params = { ...indexParams(catalog, season), listing: listing ?? null };
  return { kind: 'index', step: 'indexSeason', version: 3, params, inputs: [metadata, ...originOf(frames)] };
}

/** By these an index is found again without the files that it was made from. */
export function indexParams(
  { classes, emptyClass, classMapping }: Catalog,
  { id, metadata, detections }: Season,
): Recipe['params'] {
  const detected = detections === undefined ? {} : { detections };
  return { season: id, format: metadata.format, classes, emptyClass, classMapping, ...detected };
}

export interface IndexSeasonInput {
  readonly catalog: CatalogRef;
  readonly metadata: MetadataRef;
  readonly frames: FramesRef;
}

/** Turns a season's metadata and the list of its archive's entries into tables. */
export const indexSeasonStep = step({
  name: 'indexSeason',
  kind: 'index',
  recipe,
  async run({ store }, { catalog: catalogRef, metadata, frames }: IndexSeasonInput, work): Promise<Outcome<IndexRef>> {
    const catalog = await readCatalogArtifact({ store }, catalogRef);
    const season = seasonOf(catalog, metadata.summary.season);
    const [metadataArtifact, framesArtifact] = await Promise.all([store.open(metadata), store.open(frames)]);
    const listing = await listingOf(store, frames);
    return await produce<IndexSummary>(store, {
      recipe: recipe(catalog, season, metadata, frames, listing),
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
  async find({ store, catalog, seasons }, made) {
    const indexes = seasons.map(async ({ id, season }) => {
      const [metadata, frames] = [ofSeason(made.downloadMetadata, id), madeFrames(made, id)];
      if (metadata === undefined || frames === undefined) return [];
      return await findMade<IndexSummary>(
        store,
        recipe(catalog, season, metadata, frames, await listingOf(store, frames)),
      );
    });
    return (await Promise.all(indexes)).flat();
  },
  estimate({ seasons, made }) {
    const missing = seasons.filter(({ id }) => ofSeason(made.indexSeason, id) === undefined);
    const work = sumOf(missing, (season) => listedFrames(season, made));
    return { reused: seasons.length - missing.length, parts: seasons.length, work };
  },
  measure: ({ summary }) => Number(summary.frames),
});
