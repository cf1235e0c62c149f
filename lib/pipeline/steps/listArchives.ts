import type { IngestInput, Outcome } from '../../contracts/run';
import type { FramesRef, FramesSummary } from '../../contracts/steps';
import { listRemoteArchives } from '../../seasons';
import { produce } from '../../store';
import { task } from '../task';
import { bytesOf, openSeason, remoteSourceOf } from '../season';

/** Lists a season's frames where they are: from the directories of the archives at the mirrors, a few requests each. */
export const listArchivesStep = task({
  name: 'listArchives',
  async run({ store }, input: Pick<IngestInput, 'catalog' | 'season'>, work): Promise<Outcome<FramesRef>> {
    const season = await openSeason(store, input);
    const { mirrors } = season.catalog;
    const source = await remoteSourceOf(season, work);
    const nothing = { entries: 0, frameBytes: 0, rejected: 0, archiveBytes: 0, wireBytes: 0 };
    return await produce<FramesSummary>(store, {
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
