import type { ArtifactId, ArtifactRef } from '../contracts/artifact';
import type { Catalog } from '../contracts/catalog';
import type { WorkOptions } from '../contracts/progress';
import type { RunInput } from '../contracts/runInput';
import type {
  BackboneRef,
  BackboneSummary,
  CatalogRef,
  FramesRef,
  FramesSummary,
  IndexRef,
  MetadataRef,
  ModelRef,
  PickRef,
  StepName,
  ValidationRef,
} from '../contracts/steps';
import type { FoundSeason, Made } from './plan/made';
import { artifactId, findFirst, type ArtifactStore, type Recipe } from '../store';
import { readCatalogArtifact, seasonOf } from './artifacts';
import { framesOfShard } from './features';
import { listingOf } from './frames';
import { featuresRecipe, indexRecipe, modelRecipe, pickRecipe, submissionRecipe, validationRecipe } from './recipes';
import {
  archivesOf,
  bytesOf,
  findFramesOf,
  isDownloaded,
  metadataOf,
  remoteSourceOf,
  type CatalogSeason,
} from './season';

export interface MadeRequest {
  readonly catalog: CatalogRef;
  readonly input: RunInput;
}

/** Looks a run's artifacts up by the keys that they would have, as far as these follow from what is there. */
export async function findMade(store: ArtifactStore, request: MadeRequest, work: WorkOptions): Promise<Made> {
  const { input } = request;
  const { trainSeasons, validationSeasons } = request.catalog.summary;
  const catalog = await readCatalogArtifact(store, request.catalog);
  const seasons: FoundSeason[] = [];
  for (const id of [...trainSeasons, ...validationSeasons]) {
    seasons.push(await findSeason(store, { catalog, season: seasonOf(catalog, id) }, input, work));
    work.onProgress?.({ done: seasons.length, unit: 'steps', note: `looked at ${id}` });
  }
  const backbone = await findBackbone(store, input);
  const pick = await findPick(store, catalog, seasons, request);
  const features = await findFeatures(store, seasons, pick, backbone, work);
  const model = pick && backbone && (await find<ModelRef['summary']>(store, modelRecipe(backbone, pick, input)));
  const validation =
    model && pick && (await find<ValidationRef['summary']>(store, validationRecipe(model, pick, input.seed)));
  const submission = model && validation && (await find(store, submissionRecipe(model, validation)));
  return { seasons, pick, backbone, features, model, validation, submission };
}

/** The artifacts that a step made, for steps whose artifacts are a run's own affair to remake. */
export function artifactsOf(made: Made, step: StepName): ArtifactId[] {
  const there = (...refs: readonly (ArtifactId | undefined)[]): ArtifactId[] => refs.filter((ref) => ref !== undefined);
  switch (step) {
    case 'catalog':
      return [];
    case 'download':
      return made.seasons.flatMap(({ metadata, archive }) => there(metadata, archive));
    case 'unzip':
      return made.seasons.flatMap(({ frames }) => there(frames));
    case 'index':
      return made.seasons.flatMap(({ index }) => there(index));
    case 'pick':
      return there(made.pick);
    case 'features':
      return [...there(made.backbone), ...[...made.features.values()].flat()];
    case 'train':
      return there(made.model);
    case 'validate':
      return there(made.validation);
    case 'package':
      return there(made.submission);
  }
}

/** All features of the run's seasons by its backbone, whichever pick they were computed for. */
export async function featuresOf(store: ArtifactStore, { seasons, backbone }: Made): Promise<ArtifactId[]> {
  if (backbone === undefined) return [];
  const manifests = await store.list('features');
  return manifests.filter(
    ({ params, inputs }) =>
      seasons.some(({ id }) => id === params.season) && inputs.some(({ key }) => key === backbone.key),
  );
}

async function findSeason(
  store: ArtifactStore,
  found: CatalogSeason,
  input: RunInput,
  work: WorkOptions,
): Promise<FoundSeason> {
  const { season } = found;
  const published = await metadataOf(found, work);
  const metadata = await findFirst<MetadataRef['summary']>(store, published.recipes);
  const common = { id: season.id, metadataBytes: bytesOf(published.files), metadata };
  if (!isDownloaded(found, input)) {
    const { recipes } = await remoteSourceOf(found, work);
    const frames = await findFirst<FramesSummary>(store, recipes);
    const index = await findIndex(store, found, metadata, frames);
    return { ...common, archiveBytes: 0, downloads: false, frames, index };
  }
  const { files, recipes } = await archivesOf(found, work);
  const archive = await findFirst<ArtifactRef['summary']>(store, recipes);
  const frames = await findFramesOf(store, recipes, input.unzip);
  const index = await findIndex(store, found, metadata, frames);
  return { ...common, archiveBytes: bytesOf(files), downloads: true, archive, frames, index };
}

async function findIndex(
  store: ArtifactStore,
  { catalog, season }: CatalogSeason,
  metadata: MetadataRef | undefined,
  frames: FramesRef | undefined,
): Promise<IndexRef | undefined> {
  if (metadata === undefined || frames === undefined) return undefined;
  const listing = await listingOf(store, frames);
  return await find<IndexRef['summary']>(store, indexRecipe(catalog, season, metadata, frames, listing));
}

/** A backbone's key holds the digest of its weights, which only gpu workers have: the latest one that was frozen counts. */
async function findBackbone(store: ArtifactStore, { model }: RunInput): Promise<BackboneRef | undefined> {
  if (model.weights !== undefined) return undefined;
  const manifest = (await store.list('backbone')).find(({ params }) => params.backbone === model.backbone);
  return manifest && (await store.find<BackboneSummary>(manifest));
}

async function findPick(
  store: ArtifactStore,
  catalog: Catalog,
  seasons: readonly FoundSeason[],
  { catalog: ref, input }: MadeRequest,
): Promise<PickRef | undefined> {
  const indexes = seasons.flatMap(({ index }) => index ?? []);
  if (indexes.length < seasons.length) return undefined;
  const { trainSeasons: train, validationSeasons: validation } = ref.summary;
  return await find<PickRef['summary']>(store, pickRecipe(catalog, indexes, { train, validation }, input));
}

async function findFeatures(
  store: ArtifactStore,
  seasons: readonly FoundSeason[],
  pick: PickRef | undefined,
  backbone: BackboneRef | undefined,
  { signal }: WorkOptions,
): Promise<Map<string, ArtifactRef[]>> {
  const features = new Map<string, ArtifactRef[]>();
  if (pick === undefined || backbone === undefined) return features;
  for (const { season, shards } of pick.summary.shards) {
    const frames = seasons.find(({ id }) => id === season)?.frames;
    const refs: ArtifactRef[] = [];
    for (let shard = 0; frames !== undefined && shard < shards; shard++) {
      signal?.throwIfAborted();
      const picked = await framesOfShard(store, pick, season, shard);
      const ref = await find(store, featuresRecipe(backbone, frames, shard, picked));
      if (ref !== undefined) refs.push(ref);
    }
    features.set(season, refs);
  }
  return features;
}

async function find<S = Readonly<Record<string, unknown>>>(
  store: ArtifactStore,
  recipe: Recipe,
): Promise<ArtifactRef<S> | undefined> {
  return await store.find<S>(artifactId(recipe));
}
