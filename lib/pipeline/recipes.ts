import type { ArtifactId } from '../contracts/artifact';
import type { Catalog, Season } from '../contracts/catalog';
import type { PickedFrame } from '../contracts/pick';
import type { ModelOptions, RunInput } from '../contracts/runInput';
import type {
  BackboneRef,
  FramesRef,
  IndexRef,
  MetadataRef,
  ModelRef,
  PickRef,
  ValidationRef,
} from '../contracts/steps';
import type { Preprocessing } from '../contracts/model';
import { digestOf, type Recipe } from '../store';

/**
 * What each artifact depends on, and nothing else: the table that decides what a run reuses. Addresses of mirrors,
 * times and worker names are left out on purpose, so that another mirror or machine finds the same artifacts.
 *
 * Raise a step's version when the same inputs would give another result.
 */

export function catalogRecipe(
  catalog: Catalog,
  trainSeasons: readonly string[],
  validationSeasons: readonly string[],
): Recipe {
  return recipe('catalog', 'readCatalog', 1, { catalog, trainSeasons, validationSeasons }, []);
}

/** @param version - digest of what the mirror says of the files: paths, sizes, ETags */
export function metadataRecipe(season: Season, version: string): Recipe {
  return recipe('metadata', 'downloadMetadata', 1, { season: season.id, format: season.metadata.format, version }, []);
}

/** @param version - digest of what the mirror says of the files: paths, sizes, ETags */
export function archiveRecipe(season: Season, version: string): Recipe {
  return recipe('archive', 'downloadArchive', 1, { season: season.id, version }, []);
}

export function extractedFramesRecipe(archive: ArtifactId): Recipe {
  return recipe('frames', 'unzipSeason', 1, {}, [archive]);
}

/** Frames that are read from the archives on this side of the wire. */
export function archivedFramesRecipe(archive: ArtifactId): Recipe {
  return recipe('frames', 'listArchive', 1, {}, [archive]);
}

/** Frames in the archives at the mirrors. @param version - as of {@link archiveRecipe} */
export function remoteFramesRecipe(season: Season, version: string): Recipe {
  return recipe('frames', 'listRemoteArchives', 1, { season: season.id, version }, []);
}

/** Frames that lie loose: their address is all that tells them apart from others of the same name. */
export function looseFramesRecipe({ mirrors }: Catalog, season: Season, folder: string): Recipe {
  const addresses = mirrors.map(({ url }) => url);
  return recipe('frames', 'looseFrames', 1, { season: season.id, folder, addresses }, []);
}

/** Frames fetched for one shard. They belong to one pick and backbone, so that nobody else discards them. */
export function fetchedFramesRecipe(
  backbone: BackboneRef,
  pick: PickRef,
  frames: FramesRef,
  shard: number,
  wanted: readonly FrameIdentity[],
): Recipe {
  const { season } = frames.summary;
  return recipe('frames', 'fetchFrames', 1, { season, shard, frames: digestOfFrames(wanted) }, [
    backbone,
    pick,
    frames,
  ]);
}

/** Small copies of fetched frames, by which pages show them later. */
export function shrunkenFramesRecipe(fetched: FramesRef, frames: FramesRef): Recipe {
  return recipe('frames', 'shrinkFrames', 1, { season: frames.summary.season }, [fetched, frames]);
}

/**
 * Depends on what the archives list, not on where they are: extracted, read in place or at the mirrors, the tables are
 * the same.
 *
 * @param listing - SHA-256 of `entries.csv`; absent where frames lie loose
 */
export function indexRecipe(
  catalog: Catalog,
  season: Season,
  metadata: MetadataRef,
  frames: FramesRef,
  listing: string | undefined,
): Recipe {
  return recipe('index', 'indexSeason', 2, { ...indexParams(catalog, season), listing: listing ?? null }, [
    metadata,
    ...originOf(frames),
  ]);
}

/** By these an index is found again without the files that it was made from. */
export function indexParams(
  { classes, emptyClass, classMapping }: Catalog,
  { id, metadata }: Season,
): Recipe['params'] {
  return { season: id, format: metadata.format, classes, emptyClass, classMapping };
}

export function pickRecipe(
  catalog: Catalog,
  indexes: readonly IndexRef[],
  seasons: { readonly train: readonly string[]; readonly validation: readonly string[] },
  { frames, seed }: Pick<RunInput, 'frames' | 'seed'>,
): Recipe {
  const { classes, emptyClass } = catalog;
  return recipe('pick', 'pickFrames', 2, { classes, emptyClass, ...seasons, frames, seed }, indexes);
}

export function backboneRecipe(
  { backbone }: ModelOptions,
  facts: { readonly weightsSha256: string; readonly pooling: string; readonly preprocessing: Preprocessing },
): Recipe {
  return recipe('backbone', 'prepareBackbone', 1, { backbone, ...facts }, []);
}

/**
 * Depends on the frames of a shard by name and CRC-32: not on the pick that chose them, nor on where their bytes came
 * from. Other picks with the same frames share it.
 */
export function featuresRecipe(
  backbone: BackboneRef,
  frames: FramesRef,
  shard: number,
  picked: readonly FrameIdentity[],
): Recipe {
  const { season } = frames.summary;
  return recipe('features', 'extractFeatures', 2, { season, shard, frames: digestOfFrames(picked) }, [
    backbone,
    ...originOf(frames),
  ]);
}

/** What tells features of a season and shard apart from others, whichever frames of it they are of. */
export function featuresLineage(backbone: BackboneRef, frames: FramesRef): readonly ArtifactId[] {
  return [backbone, ...originOf(frames)];
}

type FrameIdentity = Pick<PickedFrame, 'fileName' | 'crc32'>;

function digestOfFrames(frames: readonly FrameIdentity[]): string {
  return digestOf(frames.map(({ fileName, crc32 }) => [fileName, crc32]));
}

/** Frames of archives are known by their CRC-32; of loose ones only the address tells which they are. */
function originOf(frames: FramesRef): readonly ArtifactId[] {
  return frames.summary.form === 'loose' ? [frames] : [];
}

export function modelRecipe(
  backbone: BackboneRef,
  pick: PickRef,
  { training, seed }: Pick<RunInput, 'training' | 'seed'>,
): Recipe {
  return recipe('model', 'trainHead', 2, { training, seed }, [backbone, pick]);
}

/** The seed draws the bootstrap of the intervals. */
export function validationRecipe(model: ModelRef, pick: PickRef, seed: number): Recipe {
  return recipe('validation', 'validateModel', 1, { seed }, [model, pick]);
}

export function submissionRecipe(model: ModelRef, validation: ValidationRef): Recipe {
  return recipe('submission', 'packageSubmission', 1, {}, [model, validation]);
}

/** One a run: it carries the run's own facts. */
export function reportRecipe(
  run: { readonly workflowId: string; readonly runId: string },
  validation: ValidationRef,
): Recipe {
  return recipe('report', 'writeReport', 1, { ...run }, [validation]);
}

function recipe(
  kind: Recipe['kind'],
  step: string,
  version: number,
  params: Recipe['params'],
  inputs: readonly ArtifactId[],
): Recipe {
  return { kind, step, version, params, inputs };
}
