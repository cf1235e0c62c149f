import type { ArtifactId } from '../lib/contracts/artifact';
import type { Catalog, Season } from '../lib/contracts/catalog';
import type { PickedFrame } from '../lib/contracts/pick';
import type { ModelOptions, RunInput } from '../lib/contracts/runInput';
import type {
  BackboneRef,
  FramesRef,
  IndexRef,
  MetadataRef,
  ModelRef,
  PickRef,
  ValidationRef,
} from '../lib/contracts/steps';
import type { Preprocessing } from '../lib/contracts/model';
import { digestOf, type Recipe } from '../lib/store';

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

export function framesRecipe(archive: ArtifactId): Recipe {
  return recipe('frames', 'unzipSeason', 1, {}, [archive]);
}

export function indexRecipe(catalog: Catalog, season: Season, metadata: MetadataRef, frames: FramesRef): Recipe {
  return recipe('index', 'indexSeason', 1, indexParams(catalog, season), [metadata, frames]);
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
  return recipe('pick', 'pickFrames', 1, { classes, emptyClass, ...seasons, frames, seed }, indexes);
}

export function backboneRecipe(
  { backbone }: ModelOptions,
  facts: { readonly weightsSha256: string; readonly pooling: string; readonly preprocessing: Preprocessing },
): Recipe {
  return recipe('backbone', 'prepareBackbone', 1, { backbone, ...facts }, []);
}

/** Depends on which frames a shard has, not on the pick that chose them: another pick with the same frames shares it. */
export function featuresRecipe(
  backbone: BackboneRef,
  frames: FramesRef,
  shard: number,
  picked: readonly Pick<PickedFrame, 'fileName'>[],
): Recipe {
  const names = digestOf(picked.map(({ fileName }) => fileName));
  return recipe('features', 'extractFeatures', 1, { season: frames.summary.season, shard, names }, [backbone, frames]);
}

export function modelRecipe(
  backbone: BackboneRef,
  pick: PickRef,
  frames: readonly FramesRef[],
  { training, seed }: Pick<RunInput, 'training' | 'seed'>,
): Recipe {
  return recipe('model', 'trainHead', 1, { training, seed }, [backbone, pick, ...frames]);
}

/** The seed draws the bootstrap of the intervals. */
export function validationRecipe(model: ModelRef, pick: PickRef, frames: readonly FramesRef[], seed: number): Recipe {
  return recipe('validation', 'validateModel', 1, { seed }, [model, pick, ...frames]);
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
