import type { IngestInput, SeasonSurvey } from '../../contracts/run';
import type { FramesSummary } from '../../contracts/steps';
import { findFirst } from '../../store';
import { task } from '../task';
import { isDownloaded, openSeason } from '../season';
import { publishedArchives } from '../steps/downloadArchive';
import { remoteSourceOf } from '../steps/listArchives';
import { findFramesOf } from '../steps/unzipSeason';

/** Looks at what a season's mirrors have and what of it is here already: how its frames are to be had. */
export const surveySeasonTask = task({
  name: 'surveySeason',
  async run(dependencies, input: IngestInput, work): Promise<SeasonSurvey> {
    const { store } = dependencies;
    const season = await openSeason(dependencies, input);
    if (!isDownloaded(season, input)) {
      const { recipes } = await remoteSourceOf(season, work);
      return { downloads: false, frames: await findFirst<FramesSummary>(store, recipes) };
    }
    const { recipes } = await publishedArchives(season, work);
    return { downloads: true, frames: await findFramesOf(store, recipes, input.frameSource) };
  },
});
