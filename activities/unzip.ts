import type { Outcome } from '../lib/contracts/run';
import type { ArchiveRef, FramesRef, FramesSummary } from '../lib/contracts/steps';
import { extractArchives } from '../lib/seasons';
import { produce } from '../lib/store';
import type { Dependencies } from './dependencies';
import { durable } from './durable';
import { framesRecipe } from './recipes';

/** Unpacks a season's archives; every entry is checked against its CRC-32, and a killed attempt's entries are kept. */
export function createUnzipSeason({ store }: Dependencies) {
  return ({ archive }: { readonly archive: ArchiveRef }): Promise<Outcome<FramesRef>> =>
    durable(async (work) => {
      const source = await store.open(archive);
      return await produce<FramesSummary>(store, {
        recipe: framesRecipe(archive),
        // The frames are listed, with sizes and checksums, in entries.csv.
        inventoried: ['frames'],
        work: async (draft) => ({
          season: archive.summary.season,
          ...(await extractArchives(
            { archives: archive.summary.files.map((name) => source.path(`files/${name}`)), directory: draft.path('.') },
            work,
          )),
        }),
      });
    });
}
