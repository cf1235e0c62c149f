import type { ArtifactId } from '../../contracts/artifact';
import type { IngestInput, Outcome } from '../../contracts/run';
import type { ArchiveRef, FramesRef, FramesSummary } from '../../contracts/steps';
import { extractArchives, listArchives } from '../../seasons';
import { artifactId, findFirst, produce, type ArtifactStore, type Recipe } from '../../store';
import { archivePaths, openArchives, readsInPlace } from '../archives';
import { ofSeason, step, sumOf } from '../step';

/** @param form - `archived`: frames that are read from the archives on this side of the wire */
function recipe(archive: ArtifactId, form: 'extracted' | 'archived'): Recipe {
  const name = form === 'extracted' ? 'unzipSeason' : 'listArchive';
  return { kind: 'frames', step: name, version: 1, params: {}, inputs: [archive] };
}

export interface UnzipSeasonInput extends Pick<IngestInput, 'frameSource'> {
  readonly archive: ArchiveRef;
}

/**
 * Unpacks a season's archives; every entry is checked against its CRC-32, and a killed attempt's entries are kept. Or
 * leaves the frames in place: then it only lists them, and they are checked whenever they are read.
 */
export const unzipSeasonStep = step({
  name: 'unzipSeason',
  kind: 'frames',
  recipe,
  async run({ store }, { archive, frameSource }: UnzipSeasonInput, work): Promise<Outcome<FramesRef>> {
    const facts = { season: archive.summary.season, archiveBytes: archive.bytes, wireBytes: 0 };
    if (readsInPlace(store, frameSource)) {
      return await produce<FramesSummary>(store, {
        recipe: recipe(archive, 'archived'),
        work: async (draft) => ({
          ...facts,
          form: 'archived',
          ...(await listArchives({ archives: await openArchives(store, archive), directory: draft.path('.') }, work)),
        }),
      });
    }
    return await produce<FramesSummary>(store, {
      recipe: recipe(archive, 'extracted'),
      // The frames are listed, with sizes and checksums, in entries.csv.
      inventoried: ['frames'],
      work: async (draft) => ({
        ...facts,
        form: 'extracted',
        ...(await extractArchives({ archives: await archivePaths(store, archive), directory: draft.path('.') }, work)),
      }),
    });
  },
  async find({ store, seasons, input }) {
    const frames = seasons.map(async ({ archives }) =>
      archives === undefined ? undefined : await findFramesOf(store, archives.recipes, input.frameSource),
    );
    return (await Promise.all(frames)).filter((ref) => ref !== undefined);
  },
  estimate({ seasons, made, input }) {
    const archives = seasons.flatMap(({ id, archives: own }) => (own === undefined ? [] : [{ id, ...own }]));
    if (archives.length === 0) return undefined;
    const missing = archives.filter(({ id }) => ofSeason(made.unzipSeason, id) === undefined);
    const bytes = sumOf(missing, (archive) => archive.bytes);
    const diskBytes = input.frameSource === 'extracted' ? bytes : 0;
    return { reused: archives.length - missing.length, parts: archives.length, diskBytes, work: bytes };
  },
  measure: ({ step: name, summary }) => (name === 'unzipSeason' ? Number(summary.frameBytes ?? 0) : undefined),
});

/** A season's frames that were made of its archives before, in the form that the run asks for. */
export async function findFramesOf(
  store: ArtifactStore,
  archives: readonly Recipe[],
  frameSource: IngestInput['frameSource'],
): Promise<FramesRef | undefined> {
  const ids = archives.map(artifactId);
  if (!readsInPlace(store, frameSource))
    return await findFirst<FramesSummary>(
      store,
      ids.map((id) => recipe(id, 'extracted')),
    );
  // Frames that were extracted need their archives no longer; those that are read in place do.
  const there = await Promise.all(ids.map((id) => store.find(id)));
  const kept = ids.filter((_, position) => there[position] !== undefined);
  return await findFirst<FramesSummary>(
    store,
    kept.map((id) => recipe(id, 'archived')),
  );
}
