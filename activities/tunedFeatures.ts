import type { PickedFrame } from '../lib/contracts/pick';
import type { WorkOptions } from '../lib/contracts/progress';
import { extractFeatures, type FeatureFolder, type ReadPhotograph } from '../lib/model';
import type { Preprocessing } from '../lib/contracts/model';

export interface TunedFeaturesInput {
  readonly frames: readonly PickedFrame[];
  readonly readFrame: ReadPhotograph;
  /** SavedModel of the backbone that was trained further. */
  readonly featureModelDirectory: string;
  readonly preprocessing: Preprocessing;
  /** Folder of the draft; a season's features come into a folder of its own. */
  readonly directory: string;
}

/** Features of a backbone that belongs to one model alone: they are computed where they are needed. */
export async function tunedFeatures(input: TunedFeaturesInput, work: WorkOptions): Promise<FeatureFolder[]> {
  const { readFrame, featureModelDirectory, preprocessing } = input;
  const folders: FeatureFolder[] = [];
  let before = 0;
  for (const season of new Set(input.frames.map((frame) => frame.season))) {
    const frames = input.frames.filter((frame) => frame.season === season);
    const base = before;
    const directory = `${input.directory}/${season}`;
    await extractFeatures(
      {
        frames,
        readFrame: (fileName) => readFrame(season, fileName),
        featureModelDirectory,
        preprocessing,
        directory,
      },
      {
        ...work,
        onProgress: ({ done, ...progress }) =>
          work.onProgress?.({ ...progress, done: base + done, total: input.frames.length }),
      },
    );
    folders.push({ season, directory });
    before += frames.length;
  }
  return folders;
}
