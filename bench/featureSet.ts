import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Catalog } from '../lib/contracts/catalog';
import type { PickCounts, PickedFrame } from '../lib/contracts/pick';
import type { Preprocessing } from '../lib/contracts/preprocessing';
import {
  cropOf,
  frameOptionsSchema,
  modelOptionsSchema,
  type FrameOptions,
  type ModelOptions,
  type RunRequest,
} from '../lib/contracts/runInput';
import { indexSeasons, pickFrames, readPickCounts, readPickedFrames } from '../lib/metadata';
import { backbones, extractSeasons, locateWeights, writeFeatureModel } from '../lib/model';
import type { FeatureFolder, ReadPhotograph } from '../lib/model';
import type { Parameters } from '../lib/model/graph';
import { readWeights } from '../lib/model/weights';
import { chooseSeasons, listArchives, metadataPaths, openArchivedFrames, type FrameReader } from '../lib/seasons';
import { BoxCrops } from './boxCrops';
import { benchFolder } from './harness';

/** What a set is made of. */
export interface SetSource {
  /** Its archives and metadata are at a `file://` mirror. */
  readonly catalog: Catalog;
  /** Detections in MegaDetector's format: the set is then made of what their boxes show, a row a box. */
  readonly detections?: string | undefined;
}

/** What a run with certain options trains and validates on. */
export interface Picked {
  readonly frames: readonly PickedFrame[];
  readonly counts: PickCounts;
}

const EVERY_FRAME = frameOptionsSchema.parse({ perSequence: 'all', keepEmpties: 1 });

/**
 * A data set as features of a backbone. Every frame goes through the backbone once and is kept in the bench's home, by
 * what the set is made of; what is trained on is picked from them as a run picks it.
 */
export class FeatureSet {
  /** Of every frame of every season. */
  readonly features: readonly FeatureFolder[] = [];
  readonly catalog: Catalog;
  readonly model: ModelOptions;
  /** For what is made of the set. */
  readonly folder: string;
  readonly #crops: BoxCrops | undefined;
  #parameters: Parameters = new Map();

  private constructor({ catalog }: SetSource, model: ModelOptions, folder: string, crops: BoxCrops | undefined) {
    this.catalog = catalog;
    this.model = model;
    this.folder = folder;
    this.#crops = crops;
  }

  static async prepare(source: SetSource, request: RunRequest['model'] = {}): Promise<FeatureSet> {
    const { catalog, detections } = source;
    const model = modelOptionsSchema.parse(request);
    const folder = join(benchFolder('sets'), await digestOf(source, model));
    for (const season of catalog.seasons) {
      const directory = join(folder, 'index', season.id);
      const listing = join(folder, 'listing', season.id);
      for (const path of [directory, listing]) await mkdir(path, { recursive: true });
      await listArchives({ archives: season.archives.map((path) => localPath(catalog, path)), directory: listing });
      const metadataFiles = metadataPaths(season).map((path) => localPath(catalog, path));
      await indexSeasons({ catalog, metadataFiles, seasons: [{ season, directory }] });
    }
    const crops = detections === undefined ? undefined : await BoxCrops.read(detections);
    const set = new FeatureSet(source, model, folder, crops);
    const { path } = await locateWeights(set.backbone);
    set.#parameters = set.backbone.parameters(await readWeights(path));
    const { frames } = await set.pick(EVERY_FRAME, 1);
    return Object.assign(set, { features: await set.extract('published', set.parameters, frames) });
  }

  /** Which seasons are trained and validated on. */
  get seasons() {
    return chooseSeasons(this.catalog, {});
  }

  get backbone() {
    return backbones[this.model.backbone];
  }

  /** Of the backbone, as published. */
  get parameters(): Parameters {
    return this.#parameters;
  }

  get preprocessing(): Preprocessing {
    const crop = cropOf(this.model);
    return { ...this.model.input, channels: 'RGB', ...(crop && { crop }) };
  }

  async pick(options: FrameOptions, seed: number): Promise<Picked> {
    const directory = join(this.folder, 'pick');
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    await pickFrames({
      indexes: this.catalog.seasons.map(({ id }) => ({ season: id, directory: join(this.folder, 'index', id) })),
      catalog: this.catalog,
      trainSeasons: this.seasons.train,
      validationSeasons: this.seasons.validation,
      options,
      seed,
      crop: cropOf(this.model),
      directory,
    });
    const frames = await readPickedFrames(directory);
    return { frames: this.#crops?.of(frames) ?? frames, counts: await readPickCounts(directory) };
  }

  /** Features of frames by the backbone with these parameters, kept under a name. */
  async extract(name: string, parameters: Parameters, frames: readonly PickedFrame[]): Promise<FeatureFolder[]> {
    const directory = join(this.folder, name);
    const model = join(directory, 'saved_model');
    await writeFeatureModel(
      this.backbone,
      parameters,
      { input: this.preprocessing, pooling: this.backbone.defaultPooling },
      model,
    );
    return await this.withFrames((readFrame) =>
      extractSeasons({
        ...{ frames, readFrame, directory },
        featureModelDirectory: model,
        preprocessing: this.preprocessing,
      }),
    );
  }

  /** Frames a second from JPEG to features, of the first `frames` of the set. */
  async measureRate(frames: number): Promise<number> {
    const { frames: all } = await this.pick(EVERY_FRAME, 1);
    const some = all.slice(0, frames);
    for (const name of ['warm', 'rate']) await rm(join(this.folder, name), { recursive: true, force: true });
    await this.extract('warm', this.#parameters, some); // starts TensorFlow
    const started = performance.now();
    await this.extract('rate', this.#parameters, some);
    return (1000 * some.length) / (performance.now() - started);
  }

  /** Opens the photographs for as long as something reads them. */
  async withFrames<T>(work: (readFrame: ReadPhotograph) => Promise<T>): Promise<T> {
    const readers = new Map<string, FrameReader>();
    for (const { id, archives } of this.catalog.seasons) {
      const paths = archives.map((path) => localPath(this.catalog, path));
      readers.set(id, await openArchivedFrames(join(this.folder, 'listing', id), paths));
    }
    const read: ReadPhotograph = (season, fileName) => readers.get(season)!.read(fileName);
    try {
      return await work(this.#crops?.reading(read) ?? read);
    } finally {
      for (const reader of readers.values()) await reader.close();
    }
  }
}

function localPath({ mirrors }: Catalog, path: string): string {
  return fileURLToPath(new URL(path, mirrors[0]!.url));
}

/** Names what the features depend on; files count by their size and time. */
async function digestOf({ catalog, detections }: SetSource, model: ModelOptions): Promise<string> {
  const paths = catalog.seasons.flatMap((season) => [...season.archives, ...metadataPaths(season)]);
  const files = [...paths.map((path) => localPath(catalog, path)), ...(detections === undefined ? [] : [detections])];
  const facts = await Promise.all(
    files.map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return [path, size, mtimeMs];
    }),
  );
  const text = JSON.stringify([catalog, facts, model]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
