import { join } from 'node:path';
import type { PickedFrame } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import { extractFeatures, type FeaturesInput } from './extract';
import type { FeatureFolder } from './table';

/** Bytes of a photograph by its season and its file name there. */
export type ReadPhotograph = (season: string, fileName: string) => Promise<Uint8Array>;

export interface SeasonsInput extends Pick<FeaturesInput, 'featureModelDirectory' | 'preprocessing'> {
  /** Of any seasons, in any order. */
  readonly frames: readonly PickedFrame[];
  readonly readFrame: ReadPhotograph;
  /** A season's features come into a folder of its name in it. */
  readonly directory: string;
}

/**
 * Turns the frames of several seasons into feature vectors, season by season, a shard each.
 *
 * @returns the folders, in the order in which the seasons first occur
 * @throws SerengetiError as {@link extractFeatures} does
 */
export async function extractSeasons(input: SeasonsInput, work: WorkOptions = {}): Promise<FeatureFolder[]> {
  const { readFrame, featureModelDirectory, preprocessing } = input;
  const folders: FeatureFolder[] = [];
  const before = { done: 0, reused: 0 };
  for (const season of new Set(input.frames.map((frame) => frame.season))) {
    const frames = input.frames.filter((frame) => frame.season === season);
    const directory = join(input.directory, season);
    let reused = frames.length; // a season that was finished before reports nothing
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
        onProgress: (progress) => {
          reused = progress.reused ?? 0;
          work.onProgress?.({
            ...progress,
            done: before.done + progress.done,
            total: input.frames.length,
            reused: before.reused + reused,
          });
        },
      },
    );
    folders.push({ season, directory });
    before.done += frames.length;
    before.reused += reused;
  }
  return folders;
}
