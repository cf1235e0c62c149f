import type { IngestInput, Outcome } from '../../contracts/run';
import type { ArchiveRef, FramesRef, FramesSummary } from '../../contracts/steps';
import { extractArchives, listArchives } from '../../seasons';
import { produce } from '../../store';
import { archivePaths, openArchives, readsInPlace } from '../archives';
import { task } from '../task';
import { archivedFramesRecipe, extractedFramesRecipe } from '../recipes';

export interface UnzipSeasonInput extends Pick<IngestInput, 'unzip'> {
  readonly archive: ArchiveRef;
}

/**
 * Unpacks a season's archives; every entry is checked against its CRC-32, and a killed attempt's entries are kept. Or
 * leaves the frames in place: then it only lists them, and they are checked whenever they are read.
 */
export const unzipSeasonStep = task({
  name: 'unzipSeason',
  async run({ store }, { archive, unzip }: UnzipSeasonInput, work): Promise<Outcome<FramesRef>> {
    const facts = { season: archive.summary.season, archiveBytes: archive.bytes, wireBytes: 0 };
    if (readsInPlace(store, unzip)) {
      return await produce<FramesSummary>(store, {
        recipe: archivedFramesRecipe(archive),
        work: async (draft) => ({
          ...facts,
          form: 'archived',
          ...(await listArchives({ archives: await openArchives(store, archive), directory: draft.path('.') }, work)),
        }),
      });
    }
    return await produce<FramesSummary>(store, {
      recipe: extractedFramesRecipe(archive),
      // The frames are listed, with sizes and checksums, in entries.csv.
      inventoried: ['frames'],
      work: async (draft) => ({
        ...facts,
        form: 'extracted',
        ...(await extractArchives({ archives: await archivePaths(store, archive), directory: draft.path('.') }, work)),
      }),
    });
  },
});
