import type { IngestInput, SeasonSurvey } from '../lib/contracts/run';
import type { FramesRef, FramesSummary } from '../lib/contracts/steps';
import { artifactId, type ArtifactStore, type Recipe } from '../lib/store';
import { readsInPlace } from './archives';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { archivedFramesRecipe, extractedFramesRecipe } from './recipes';
import { archivesOf, openSeason, remoteSourceOf } from './season';

/** Looks at what a season's mirrors have and what of it is here already: how its frames are to be had. */
export function createSurveySeason({ store }: Dependencies) {
  return (input: IngestInput): Promise<SeasonSurvey> =>
    durable(async (work) => {
      const season = await openSeason(store, input);
      if (input.acquire === 'frames' || season.season.archives.length === 0) {
        const { recipes } = await remoteSourceOf(season, work);
        return { downloads: false, frames: await findFirst(store, recipes) };
      }
      const { recipes } = await archivesOf(season, work);
      for (const recipe of recipes) {
        const frames = await findFrames(store, recipe, readsInPlace(store, input.unzip));
        if (frames !== undefined) return { downloads: true, frames };
      }
      return { downloads: true };
    });
}

/** Frames that were extracted need their archives no longer; those that are read in place do. */
async function findFrames(store: ArtifactStore, archive: Recipe, inPlace: boolean): Promise<FramesRef | undefined> {
  const id = artifactId(archive);
  if (!inPlace) return await store.find<FramesSummary>(artifactId(extractedFramesRecipe(id)));
  if ((await store.find(id)) === undefined) return undefined;
  return await store.find<FramesSummary>(artifactId(archivedFramesRecipe(id)));
}

async function findFirst(store: ArtifactStore, recipes: readonly Recipe[]): Promise<FramesRef | undefined> {
  for (const recipe of recipes) {
    const frames = await store.find<FramesSummary>(artifactId(recipe));
    if (frames !== undefined) return frames;
  }
  return undefined;
}
