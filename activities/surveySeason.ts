import type { IngestInput, SeasonSurvey } from '../lib/contracts/run';
import type { FramesSummary } from '../lib/contracts/steps';
import { findFirst } from '../lib/store';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { archivesOf, findFramesOf, isDownloaded, openSeason, remoteSourceOf } from '../lib/pipeline/season';

/** Looks at what a season's mirrors have and what of it is here already: how its frames are to be had. */
export function createSurveySeason({ store }: Dependencies) {
  return (input: IngestInput): Promise<SeasonSurvey> =>
    durable(async (work) => {
      const season = await openSeason(store, input);
      if (!isDownloaded(season, input)) {
        const { recipes } = await remoteSourceOf(season, work);
        return { downloads: false, frames: await findFirst<FramesSummary>(store, recipes) };
      }
      const { recipes } = await archivesOf(season, work);
      return { downloads: true, frames: await findFramesOf(store, recipes, input.unzip) };
    });
}
