import type { Season } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import type { IngestInput, Outcome } from '../../contracts/run';
import type { MetadataRef, MetadataSummary } from '../../contracts/steps';
import { probeMetadata, sourceVersions } from '../../seasons';
import type { Recipe } from '../../store';
import { produceFiles, type PublishedFiles } from '../download';
import { limited, openSeason, type CatalogSeason } from '../season';
import { findOfSeasons, ofSeason, step, sumOf } from '../step';

/** @param version - digest of what the mirror says of the files: paths, sizes, ETags */
function recipe({ id, metadata: { format } }: Season, version: string): Recipe {
  const params = { season: id, format, version };
  return { kind: 'metadata', step: 'downloadMetadata', version: 1, params, inputs: [] };
}

/** Fetches a season's metadata files as they are published. */
export const downloadMetadataStep = step({
  name: 'downloadMetadata',
  kind: 'metadata',
  recipe,
  async run(
    dependencies,
    input: Pick<IngestInput, 'catalog' | 'season' | 'bytesPerSecond'>,
    work,
  ): Promise<Outcome<MetadataRef>> {
    const season = await openSeason(dependencies, input);
    return await produceFiles(dependencies.store, season, await publishedMetadata(season, work), limited(work, input));
  },
  find: (run) => findOfSeasons<MetadataSummary>(run, ({ metadata }) => metadata.recipes),
  estimate({ seasons, made }) {
    const missing = seasons.filter(({ id }) => ofSeason(made.downloadMetadata, id) === undefined);
    const bytes = sumOf(missing, ({ metadata }) => metadata.bytes);
    const reused = seasons.length - missing.length;
    return { reused, parts: seasons.length, fetchBytes: bytes, diskBytes: bytes, work: bytes };
  },
});

/** A season's metadata at its mirrors. */
export async function publishedMetadata(
  { catalog, season }: CatalogSeason,
  work: WorkOptions,
): Promise<PublishedFiles> {
  const files = await probeMetadata(catalog, season, work);
  const recipes = sourceVersions(files).map((version) => recipe(season, version));
  return { files, recipes, checkedByEntry: false };
}
