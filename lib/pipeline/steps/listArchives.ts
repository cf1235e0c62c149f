import type { Season } from '../../contracts/catalog';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import type { IngestInput, Outcome } from '../../contracts/run';
import type { FramesRef, FramesSummary } from '../../contracts/steps';
import { areRanged, listRemoteArchives, probeArchives, sourceVersions, type SourceFile } from '../../seasons';
import { produce, type Recipe } from '../../store';
import { bytesOf, openSeason, type CatalogSeason } from '../season';
import { findOfSeasons, step } from '../step';

/**
 * Frames in the archives at the mirrors depend on the archives' version, as of `downloadArchive`. Where frames lie loose,
 * their address is all that tells them apart from others of the same name.
 */
function recipe(
  { id }: Season,
  source: { readonly version: string } | { readonly folder: string; readonly addresses: readonly string[] },
): Recipe {
  const name = 'version' in source ? 'listRemoteArchives' : 'looseFrames';
  return { kind: 'frames', step: name, version: 1, params: { season: id, ...source }, inputs: [] };
}

/** Lists a season's frames where they are: from the directories of the archives at the mirrors, a few requests each. */
export const listArchivesStep = step({
  name: 'listArchives',
  kind: 'frames',
  recipe,
  find: (run) => findOfSeasons<FramesSummary>(run, ({ listings }) => listings),
  async run(dependencies, input: Pick<IngestInput, 'catalog' | 'season'>, work): Promise<Outcome<FramesRef>> {
    const season = await openSeason(dependencies, input);
    const { mirrors } = season.catalog;
    const source = await remoteSourceOf(season, work);
    const nothing = { entries: 0, frameBytes: 0, rejected: 0, archiveBytes: 0, wireBytes: 0 };
    return await produce<FramesSummary>(dependencies.store, {
      recipe: source.recipes[0]!,
      work: async (draft) => {
        if (source.form === 'loose') return { season: input.season, form: source.form, ...nothing };
        const { archives } = source;
        const listing = await listRemoteArchives({ mirrors, archives, directory: draft.path('.') }, work);
        return { season: input.season, form: source.form, archiveBytes: bytesOf(archives), ...listing };
      },
    });
  },
});

/** How the frames of a season can be had without its archives on this side of the wire. */
export type RemoteSource =
  | { readonly form: 'remote'; readonly archives: readonly SourceFile[]; readonly recipes: readonly Recipe[] }
  | { readonly form: 'loose'; readonly folder: string; readonly recipes: readonly Recipe[] };

/**
 * Finds out where single frames can be read: in the archives at the mirrors, else where they lie loose.
 *
 * @throws SerengetiError SOURCE_UNSUITABLE where neither is possible
 */
export async function remoteSourceOf({ catalog, season }: CatalogSeason, work: WorkOptions): Promise<RemoteSource> {
  if (season.archives.length > 0) {
    const archives = await probeArchives(catalog, season, work);
    if (areRanged(archives)) {
      const recipes = sourceVersions(archives).map((version) => recipe(season, { version }));
      return { form: 'remote', archives, recipes };
    }
  }
  if (season.frames !== undefined) {
    const addresses = catalog.mirrors.map(({ url }) => url.replace(/\?.*$/, ''));
    const recipes = [recipe(season, { folder: season.frames, addresses })];
    return { form: 'loose', folder: season.frames, recipes };
  }
  throw new SerengetiError(
    'SOURCE_UNSUITABLE',
    season.archives.length === 0
      ? `Season ${season.id} has neither archives nor a folder of loose frames in the catalog`
      : `No mirror gives parts of the archives of season ${season.id}, and the catalog names no folder of loose frames`,
    { details: { season: season.id } },
  );
}
