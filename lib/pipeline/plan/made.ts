import type { WorkOptions } from '../../contracts/progress';
import type { RunInput } from '../../contracts/runInput';
import type { CatalogRef } from '../../contracts/steps';
import { readCatalogArtifact, seasonOf } from '../artifacts';
import { bytesOf, isDownloaded, type CatalogSeason } from '../season';
import { NOTHING_MADE, type Made, type Published, type PublishedSeason, type RunView } from '../step';
import { stepList } from '../steps';
import type { Dependencies } from '../task';
import { publishedArchives } from '../steps/downloadArchive';
import { publishedMetadata } from '../steps/downloadMetadata';
import { remoteSourceOf } from '../steps/listArchives';

export interface RunToView {
  readonly catalog: CatalogRef;
  readonly input: RunInput;
}

/** Asks the mirrors for what a run's seasons are. */
export async function viewRun(
  dependencies: Dependencies,
  { catalog: ref, input }: RunToView,
  work: WorkOptions,
): Promise<RunView> {
  const catalog = await readCatalogArtifact(dependencies, ref);
  const seasons: PublishedSeason[] = [];
  for (const id of [...ref.summary.trainSeasons, ...ref.summary.validationSeasons]) {
    seasons.push(await publishedSeason({ catalog, season: seasonOf(catalog, id) }, input, work));
    work.onProgress?.({ done: seasons.length, unit: 'steps', note: `looked at ${id}` });
  }
  return { store: dependencies.store, catalog, split: ref.summary, input, seasons, signal: work.signal };
}

/** Looks a run's artifacts up by the keys that they would have, as far as these follow from what is there. */
export async function findAllMade(run: RunView): Promise<Made> {
  let made = NOTHING_MADE;
  for (const { name, find } of stepList) {
    if (find !== undefined) made = { ...made, [name]: await find(run, made) };
  }
  return made;
}

async function publishedSeason(found: CatalogSeason, input: RunInput, work: WorkOptions): Promise<PublishedSeason> {
  const { season } = found;
  const published = async (files: ReturnType<typeof publishedMetadata>): Promise<Published> => ({
    bytes: bytesOf((await files).files),
    recipes: (await files).recipes,
  });
  const common = { id: season.id, season, metadata: await published(publishedMetadata(found, work)) };
  return isDownloaded(found, input)
    ? { ...common, archives: await published(publishedArchives(found, work)) }
    : { ...common, listings: (await remoteSourceOf(found, work)).recipes };
}
