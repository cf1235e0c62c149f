import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PickedFrame } from '../lib/contracts/pick';
import { frameOptionsSchema, trainingOptionsSchema, type TrainingOptions } from '../lib/contracts/runInput';
import type { ValidationResult } from '../lib/contracts/validation';
import { indexSeasons, pickFrames, readPickCounts, readPickedFrames } from '../lib/metadata';
import { backbones, createModelCard, extractSeasons, fineTune, locateWeights } from '../lib/model';
import { trainHead, validate, writeFeatureModel, type FeatureFolder, type Head } from '../lib/model';
import type { Parameters } from '../lib/model/graph';
import { readWeights } from '../lib/model/weights';
import { extractArchives, metadataPaths, openFrames, type FrameReader } from '../lib/seasons';
import { simulateCatalog } from '../simulator';
import { SPECIES } from '../simulator/plan/classes';
import { productVersions } from '../lib/store/versions';
import { watchEventLoop } from './eventLoop';
import { benchFolder, type BenchReport } from './harness';

const SEASONS = ['S1', 'S2', 'S3'];
const HELD_OUT = 'S3';
const SEQUENCES = '600';
const SEED = 1;
/** A share of the empties that leaves enough of them to know them by, for all their sites. */
const KEPT_EMPTIES = 0.3;

/** What is trained: a head on frozen features in two ways, and the second with the end of the backbone. */
const TRAININGS = {
  'softmax, the default': {},
  'sigmoid, geometric': { output: 'sigmoid', pooling: 'geometric', epochs: 40, calibration: 'temperature' },
  'the same, fine-tuned': {
    output: 'sigmoid',
    pooling: 'geometric',
    epochs: 40,
    calibration: 'temperature',
    fineTune: { epochs: 6, cells: 4, learningRate: 0.0003 },
  },
} as const;

/**
 * How good a model gets: EfficientNet-Lite0 on a simulated season that training never saw, with all species as
 * unequally frequent as in Serengeti, beside answering the true class frequencies every time. And what fine-tuning asks of
 * the machine meanwhile.
 *
 * @param args - sequences a season
 */
export async function run([sequences = SEQUENCES]: readonly string[] = []): Promise<BenchReport> {
  const seasons = await Seasons.prepare(benchFolder('model'), Number(sequences));
  const results: [string, ValidationResult][] = [];
  for (const [name, request] of Object.entries(TRAININGS)) {
    results.push([name, await seasons.score(trainingOptionsSchema.parse(request))]);
  }
  await seasons.close();
  const { heldSeconds, peakBytes } = seasons.fineTuning!;
  const [, first] = results[0]!;
  const baseline = first.baselines.truePrior;
  const losses = results.map(([, { logLoss }]) => logLoss.value);
  const rows = results.map(([name, { accuracy, top5, logLoss, blank }]) => [
    name,
    logLoss.value.toFixed(4),
    (logLoss.value / baseline).toFixed(2),
    percent(accuracy.value),
    percent(top5.value),
    percent(blank.accuracy),
  ]);
  return {
    rows: [
      [`${first.sequences} held-out sequences`, 'log loss', 'of true priors', 'accuracy', 'top-5', 'blank or not'],
      ['class frequencies of training', baseline.toFixed(4), '1.00', percent(first.majorityAccuracy), '', ''],
      ...rows,
      [`fine-tuning holds the event loop at most ${heldSeconds.toFixed(2)} s`, '', '', '', '', ''],
      [`memory of the process by then ${(peakBytes / 1e9).toFixed(2)} GB`, '', '', '', '', ''],
    ],
    ratios: {
      ofTruePriors: Math.min(...losses) / baseline,
      fineTunedOfFrozen: losses[2]! / losses[1]!,
      fineTuningHeldSeconds: heldSeconds,
      fineTuningPeakGigabytes: peakBytes / 1e9,
    },
  };
}

interface FineTuningMeasure {
  /** Longest time that the event loop was held. */
  readonly heldSeconds: number;
  /** Most memory that the process had by its end. */
  readonly peakBytes: number;
}

/** Simulated seasons, drawn, indexed, picked, and turned into features of the published backbone. */
class Seasons {
  /** Of the last fine-tuning. */
  fineTuning: FineTuningMeasure | undefined;
  readonly #backbone = backbones['efficientnet-lite0'];
  readonly #classes: readonly string[];
  readonly #parameters: Parameters;
  readonly #readers: ReadonlyMap<string, FrameReader>;
  readonly #folder: string;

  private constructor(
    folder: string,
    classes: readonly string[],
    parameters: Parameters,
    readers: ReadonlyMap<string, FrameReader>,
  ) {
    this.#folder = folder;
    this.#classes = classes;
    this.#parameters = parameters;
    this.#readers = readers;
  }

  static async prepare(folder: string, sequences: number): Promise<Seasons> {
    const drawn = join(folder, 'drawn');
    const size = { width: 640, height: 480 };
    const request = { seasons: SEASONS, sequences, sites: 40, species: SPECIES.length, balance: 1, ...size };
    console.log(`Drawing ${SEASONS.length} seasons of ${sequences} sequences, once …`);
    const { catalog, reused } = await simulateCatalog(drawn, { ...request, testSequences: 0 });
    if (!reused) await rm(join(folder, 'made'), { recursive: true, force: true });
    const made = join(folder, 'made');
    const readers = new Map<string, FrameReader>();
    for (const { id, archives } of catalog.seasons) {
      const directory = join(made, 'frames', id);
      await mkdir(directory, { recursive: true });
      await extractArchives({ archives: archives.map((path) => join(drawn, path)), directory });
      readers.set(id, await openFrames({ directory }));
    }
    const indexes = SEASONS.map((season) => ({ season, directory: join(made, 'index', season) }));
    for (const [position, season] of catalog.seasons.entries()) {
      const { directory } = indexes[position]!;
      await mkdir(directory, { recursive: true });
      const metadataFiles = metadataPaths(season.metadata).map((path) => join(drawn, path));
      await indexSeasons({ catalog, metadataFiles, seasons: [{ season, directory }] });
    }
    const pick = join(made, 'pick');
    await rm(pick, { recursive: true, force: true });
    await mkdir(pick, { recursive: true });
    await pickFrames({
      indexes,
      catalog,
      trainSeasons: SEASONS.filter((season) => season !== HELD_OUT),
      validationSeasons: [HELD_OUT],
      options: frameOptionsSchema.parse({ keepEmpties: KEPT_EMPTIES }),
      seed: SEED,
      directory: pick,
    });
    const { path } = await locateWeights(backbones['efficientnet-lite0']);
    const parameters = backbones['efficientnet-lite0'].parameters(await readWeights(path));
    return new Seasons(made, catalog.classes, parameters, readers);
  }

  async score(options: TrainingOptions): Promise<ValidationResult> {
    const draft = join(this.#folder, 'draft');
    await rm(draft, { recursive: true, force: true });
    const published = await this.#features('published', this.#parameters, SEASONS);
    const lessons = { features: published, frames: await this.#picked(), classes: this.#classes, options, seed: SEED };
    const trained = await trainHead({ ...lessons, directory: join(draft, 'head') });
    if (options.fineTune === undefined) return await this.#validate(trained.head, published, options, draft);
    const held = watchEventLoop();
    const tuned = await fineTune({
      ...lessons,
      trained,
      fineTune: options.fineTune,
      backbone: this.#backbone,
      parameters: this.#parameters,
      pooling: this.#backbone.defaultPooling,
      preprocessing: this.#preprocessing,
      readFrame: this.#readFrame,
      directory: draft,
    });
    this.fineTuning = { heldSeconds: held(), peakBytes: process.resourceUsage().maxRSS * 1024 };
    const parameters = new Map([...this.#parameters, ...tuned.parameters]);
    await rm(join(this.#folder, 'tuned'), { recursive: true, force: true });
    const features = await this.#features('tuned', parameters, [HELD_OUT]);
    return await this.#validate(tuned.head, features, options, draft);
  }

  async close(): Promise<void> {
    for (const reader of this.#readers.values()) await reader.close();
  }

  readonly #readFrame = (season: string, fileName: string) => this.#readers.get(season)!.read(fileName);

  get #preprocessing() {
    return { ...this.#backbone.input, channels: 'RGB', resize: 'stretch' } as const;
  }

  async #picked(): Promise<PickedFrame[]> {
    return await readPickedFrames(join(this.#folder, 'pick'), {});
  }

  async #features(name: string, parameters: Parameters, seasons: readonly string[]): Promise<FeatureFolder[]> {
    const model = join(this.#folder, name, 'saved_model');
    await writeFeatureModel(this.#backbone, parameters, this.#backbone.defaultPooling, model);
    const picked = await this.#picked();
    return await extractSeasons({
      frames: picked.filter(({ season }) => seasons.includes(season)),
      readFrame: this.#readFrame,
      featureModelDirectory: model,
      preprocessing: this.#preprocessing,
      directory: join(this.#folder, name),
    });
  }

  async #validate(
    head: Head,
    features: readonly FeatureFolder[],
    training: TrainingOptions,
    directory: string,
  ): Promise<ValidationResult> {
    const counts = await readPickCounts(join(this.#folder, 'pick'));
    const card = createModelCard({
      backbone: this.#backbone.name,
      weightsSha256: '0'.repeat(64),
      featureWidth: this.#backbone.featureWidth,
      preprocessing: this.#preprocessing,
      classes: this.#classes,
      emptyClass: 'empty',
      framesPerSequence: 'first',
      counts,
      trainSeasons: SEASONS.filter((season) => season !== HELD_OUT),
      training,
      seed: SEED,
      version: productVersions().serengeti!,
    });
    await mkdir(directory, { recursive: true });
    return await validate({
      features: features.filter(({ season }) => season === HELD_OUT),
      frames: await this.#picked(),
      head,
      card,
      counts,
      seed: SEED,
      directory,
    });
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
