import { setImmediate } from 'node:timers/promises';
import type { Preprocessing } from '../../contracts/model';
import type { PickedFrame } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import type { FeaturesSummary } from '../../contracts/steps';
import { FEATURES_SIGNATURE, ImageModel } from '../imageModel';
import { DecodeAhead, type FrameOutcome } from './decodeAhead';
import { EarlierFeatures } from './earlier';
import { GROUP_FRAMES, PartFolder, type Part, type PartRow, type UnreadableFrame } from './parts';
import { readFinishedShard, writeShard } from './shard';

export interface FeaturesInput {
  /** One shard of one season. The rows come out in this order. */
  readonly frames: readonly PickedFrame[];
  /** Bytes of a photograph by its file name. */
  readonly readFrame: (fileName: string) => Promise<Uint8Array>;
  /** SavedModel of the backbone: `images` [n, height, width, 3] → `features` [n, width]. */
  readonly featureModelDirectory: string;
  readonly preprocessing: Preprocessing;
  /** Folders of features artifacts of the same season, backbone and preprocessing: frames in them are taken over. */
  readonly earlier?: Iterable<string> | AsyncIterable<string>;
  /** The draft. What a killed predecessor finished there is taken up. */
  readonly directory: string;
}

export interface FeaturesWork extends WorkOptions {
  /** Photographs that TensorFlow gets at once, at most. @default 16 on a CPU, 128 on a GPU */
  readonly batchSize?: number;
  /** Photographs that are read and decoded before TensorFlow asks for them. @default three batches */
  readonly ahead?: number;
}

export interface ExtractedFeatures extends Omit<FeaturesSummary, 'season' | 'shard'> {
  readonly timing: FeaturesTiming;
}

/** Where the time of this call went, in seconds. */
export interface FeaturesTiming {
  /** In TensorFlow. */
  readonly compute: number;
  /** Waiting for photographs to be read and decoded. */
  readonly wait: number;
}

/**
 * Turns the frames of a shard into feature vectors: `features.npy`, `ids.parquet` (same order) and `unreadable.csv`.
 *
 * Frames are finished in groups of {@link GROUP_FRAMES}; a killed call loses the group it was at. A photograph's row does
 * not depend on the others, so that resumed, shared and undisturbed work give the same bytes. The event loop is held for
 * the length of a batch, well under two seconds.
 *
 * @throws SerengetiError MODEL_INVALID if the SavedModel is no backbone; whatever `readFrame` throws, except
 *   FRAME_UNREADABLE and ENTRY_CORRUPT: such frames are listed and left out
 */
export async function extractFeatures(input: FeaturesInput, work: FeaturesWork = {}): Promise<ExtractedFeatures> {
  const finished = await readFinishedShard(input.directory);
  if (finished !== undefined) return { ...finished, timing: { compute: 0, wait: 0 } };
  const form = { preprocessing: input.preprocessing, signature: FEATURES_SIGNATURE };
  const model = await ImageModel.load(input.featureModelDirectory, form, work.batchSize);
  const wanted = new Map(input.frames.map(({ fileName, crc32 }) => [fileName, crc32]));
  const earlier = await EarlierFeatures.find(input.earlier ?? [], wanted, model.width, work);
  try {
    const parts = new PartFolder(input.directory, model.width);
    for (;;) {
      const timing = await new Extraction(input, work, model, earlier, parts).run();
      const summary = await writeShard(input.directory, parts, groupsOf(input.frames).length, model.width);
      if (summary !== undefined) return { ...summary, timing };
    }
  } finally {
    model.dispose();
    await earlier.close();
  }
}

function groupsOf(frames: readonly PickedFrame[]): (readonly PickedFrame[])[] {
  const count = Math.ceil(frames.length / GROUP_FRAMES);
  return Array.from({ length: count }, (_, group) => frames.slice(group * GROUP_FRAMES, (group + 1) * GROUP_FRAMES));
}

/** The frames that are computed here, in their order. */
interface Photographs {
  readonly decoder: DecodeAhead<string>;
  readonly outcomes: AsyncIterator<readonly [fileName: string, outcome: FrameOutcome], void>;
}

/** One call's way through the groups that are not finished yet. */
class Extraction {
  readonly #timing = { compute: 0, wait: 0 };
  #reused = 0;
  #computed = 0;

  constructor(
    private readonly input: FeaturesInput,
    private readonly work: FeaturesWork,
    private readonly model: ImageModel,
    private readonly earlier: EarlierFeatures,
    private readonly parts: PartFolder,
  ) {}

  async run(): Promise<FeaturesTiming> {
    const open = await this.#openGroups();
    const fileNames = open.flatMap(({ frames }) => frames.map(({ fileName }) => fileName));
    const { readFrame, preprocessing } = this.input;
    const missing = fileNames.filter((fileName) => !this.earlier.has(fileName));
    const ahead = this.work.ahead ?? 3 * this.model.largestBatch;
    const decoder = new DecodeAhead(missing, readFrame, preprocessing, ahead);
    const photographs: Photographs = { decoder, outcomes: decoder[Symbol.asyncIterator]() };
    for (const { group, frames } of open) {
      await this.parts.write(group, await this.#compute(frames, photographs));
    }
    return this.#timing;
  }

  async #openGroups(): Promise<{ group: number; frames: readonly PickedFrame[] }[]> {
    const open = [];
    for (const [group, frames] of groupsOf(this.input.frames).entries()) {
      this.work.signal?.throwIfAborted();
      if ((await this.parts.read(group)) === undefined) open.push({ group, frames });
      else this.#reused += frames.length;
    }
    this.#report();
    return open;
  }

  async #compute(frames: readonly PickedFrame[], photographs: Photographs): Promise<Part> {
    const { model, earlier } = this;
    const features = new Float32Array(frames.length * model.width);
    const rows: PartRow[] = [];
    const unreadable: UnreadableFrame[] = [];
    const batch = new Batch();
    const addRow = (frame: PickedFrame, truncated: boolean, reused: boolean) => {
      rows.push({ fileName: frame.fileName, crc32: frame.crc32, truncated, reused });
    };
    for (const frame of frames) {
      if (earlier.has(frame.fileName)) {
        const target = features.subarray(rows.length * model.width, (rows.length + 1) * model.width);
        addRow(frame, await earlier.take(frame.fileName, target), true);
        this.#reused++;
        continue;
      }
      const outcome = await this.#next(photographs);
      if ('reason' in outcome) {
        unreadable.push({ fileName: frame.fileName, reason: outcome.reason });
        this.#computed++;
        continue;
      }
      batch.add(outcome.pixels, rows.length);
      addRow(frame, outcome.truncated, false);
      if (batch.size >= model.batchSize) await this.#flush(batch, features, photographs);
    }
    await this.#flush(batch, features, photographs);
    return { features: features.subarray(0, rows.length * model.width), rows, unreadable };
  }

  async #next({ outcomes }: Photographs): Promise<FrameOutcome> {
    this.work.signal?.throwIfAborted();
    const { value } = await this.#waiting(outcomes.next());
    const [, outcome] = value!;
    return outcome;
  }

  async #waiting<T>(work: Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work;
    this.#timing.wait += (performance.now() - started) / 1000;
    return result;
  }

  async #flush(batch: Batch, features: Float32Array, { decoder }: Photographs): Promise<void> {
    if (batch.size > 0) {
      await this.#waiting(decoder.freeCores());
      const started = performance.now();
      batch.scatter(this.model.run(batch.pixels), this.model.width, features);
      this.#timing.compute += (performance.now() - started) / 1000;
      this.#computed += batch.size;
      batch.clear();
    }
    this.#report();
    await setImmediate(); // heartbeats, and the reads that feed the next batches
  }

  #report(): void {
    this.work.onProgress?.({
      done: this.#reused + this.#computed,
      total: this.input.frames.length,
      unit: 'frames',
      reused: this.#reused,
    });
  }
}

/** Photographs on their way through TensorFlow, with the rows that their features belong in. */
class Batch {
  readonly pixels: Uint8Array[] = [];
  readonly #rows: number[] = [];

  get size(): number {
    return this.pixels.length;
  }

  add(pixels: Uint8Array, row: number): void {
    this.pixels.push(pixels);
    this.#rows.push(row);
  }

  scatter(features: Float32Array, width: number, target: Float32Array): void {
    this.#rows.forEach((row, position) => {
      target.set(features.subarray(position * width, (position + 1) * width), row * width);
    });
  }

  clear(): void {
    this.pixels.length = 0;
    this.#rows.length = 0;
  }
}
