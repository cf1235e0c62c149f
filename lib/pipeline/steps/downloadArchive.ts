import type { Season } from '../../contracts/catalog';
import type { WorkOptions } from '../../contracts/progress';
import type { IngestInput, Outcome } from '../../contracts/run';
import type { ArchiveRef, ArchiveSummary } from '../../contracts/steps';
import { probeArchives, sourceVersions } from '../../seasons';
import type { Recipe } from '../../store';
import { produceFiles, type PublishedFiles } from '../download';
import { limited, openSeason, type CatalogSeason } from '../season';
import { findOfSeasons, madeFrames, ofSeason, step, sumOf } from '../step';

/** @param version - digest of what the mirror says of the files: paths, sizes, ETags */
function recipe({ id }: Season, version: string): Recipe {
  return { kind: 'archive', step: 'downloadArchive', version: 1, params: { season: id, version }, inputs: [] };
}

/** Fetches a season's archives; a killed attempt's segments are kept, and so are those of another worker. */
export const downloadArchiveStep = step({
  name: 'downloadArchive',
  kind: 'archive',
  recipe,
  async run(
    dependencies,
    input: Pick<IngestInput, 'catalog' | 'season' | 'bytesPerSecond'>,
    work,
  ): Promise<Outcome<ArchiveRef>> {
    const season = await openSeason(dependencies, input);
    return await produceFiles(dependencies.store, season, await publishedArchives(season, work), limited(work, input));
  },
  find: (run) => findOfSeasons<ArchiveSummary>(run, ({ archives }) => archives?.recipes),
  estimate({ seasons, made }) {
    const downloads = seasons.flatMap(({ id, archives }) => (archives === undefined ? [] : [{ id, ...archives }]));
    // Frames that are extracted, or whose features exist, need no archive any more.
    const isThere = (id: string): boolean =>
      ofSeason(made.downloadArchive, id) !== undefined || madeFrames(made, id) !== undefined;
    const missing = downloads.filter(({ id }) => !isThere(id));
    const bytes = sumOf(missing, (archives) => archives.bytes);
    const reused = downloads.length - missing.length;
    return { reused, parts: downloads.length, fetchBytes: bytes, diskBytes: bytes, work: bytes };
  },
  measure: ({ bytes }) => bytes,
});

/** A season's archives at their mirrors. */
export async function publishedArchives(
  { catalog, season }: CatalogSeason,
  work: WorkOptions,
): Promise<PublishedFiles> {
  const files = await probeArchives(catalog, season, work);
  const recipes = sourceVersions(files).map((version) => recipe(season, version));
  return { files, recipes, checkedByEntry: true };
}
