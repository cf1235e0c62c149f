import type { Preprocessing } from '../../contracts/preprocessing';
import { lookKey, type PickedFrame } from '../../contracts/pick';
import type { WorkOptions } from '../../contracts/progress';
import type { FeaturesSummary } from '../../contracts/steps';
import { forEachParallel } from '../../io/parallel';
import { expectFinite, FEATURES_SIGNATURE, ImageModel } from '../inference';
import { DecodeAhead, type FrameOutcome } from './decodeAhead';
import { EarlierFeatures } from './earlier';
import { GROUP_FRAMES, PartFolder, type Part, type PartRow, type UnreadableFrame } from './parts';
import { writeShard } from './shard';

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
  /** Photographs that TensorFlow gets at once, at most. @default 8 of 224×224 on a CPU, 128 on a GPU */
  readonly batchSize?: number;
  /** Photographs that are read and decoded before TensorFlow asks for them. @default three times what TensorFlow has at a time */
  readonly ahead?: number;
}

export interface ExtractedFeatures extends Omit<FeaturesSummary, 'season' | 'shard'> {
  readonly timing: FeaturesTiming;
}

/** Where the time of this call's inference processes went, in seconds, on average. */
export interface FeaturesTiming {
  /** At work, though maybe at a core that decoders share. */
  readonly compute: number;
  /** Without photographs. */
  readonly wait: number;
}

/**
 * Turns the frames of a shard into feature vectors: `features.npy`, `ids.parquet` (same order) and `unreadable.csv`.
 *
 * Frames are finished in groups of {@link GROUP_FRAMES}; a killed call loses the group it was at. A photograph's row does
 * not depend on the others, so that resumed, shared and undisturbed work give the same bytes. TensorFlow runs in other
 * processes ({@link ImageModel}), so the event loop stays free.
 *
 * @throws SerengetiError MODEL_INVALID if the SavedModel is no backbone or answers no number; whatever `readFrame` throws, except
 *   FRAME_UNREADABLE and ENTRY_CORRUPT: such frames are listed and left out
 */
export async function extractFeatures(input: FeaturesInput, work: FeaturesWork = {}): Promise<ExtractedFeatures> {
  const form = { preprocessing: input.preprocessing, signature: FEATURES_SIGNATURE };
  const model = await ImageModel.load(input.featureModelDirectory, form, work.batchSize);
  const wanted = new Map(input.frames.map((frame) => [lookKey(frame), frame.crc32]));
  const earlier = await EarlierFeatures.find(input.earlier ?? [], wanted, model.width, work);
  try {
    const parts = new PartFolder(input.directory, model.width);
    const timing = await new Extraction(input, work, model, earlier, parts).run();
    return { ...(await writeShard(input.directory, parts, groupsOf(input.frames).length, model.width)), timing };
  } finally {
    model.dispose();
    await earlier.close();
  }
}

function groupsOf(frames: readonly PickedFrame[]): (readonly PickedFrame[])[] {
  const count = Math.ceil(frames.length / GROUP_FRAMES);
  return Array.from({ length: count }, (_, group) => frames.slice(group * GROUP_FRAMES, (group + 1) * GROUP_FRAMES));
}

/** The frames that are computed here, in their order, and what came of each. */
type Outcomes = AsyncIterator<readonly [frame: PickedFrame, outcome: FrameOutcome], void>;

/** One call's way through the groups that are not finished yet. */
class Extraction {
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
    const started = performance.now();
    const busyBefore = this.model.busySeconds;
    const open = await this.#openGroups();
    const { readFrame, preprocessing } = this.input;
    const missing = open.flatMap(({ frames }) => frames.filter((frame) => !this.earlier.has(frame)));
    const ahead = this.work.ahead ?? this.model.ahead;
    const read = async ({ fileName, box }: PickedFrame) => ({ file: await readFrame(fileName), box });
    const outcomes = new DecodeAhead(missing, read, preprocessing, ahead)[Symbol.asyncIterator]();
    for (const { group, frames } of open) {
      await this.parts.write(group, await this.#compute(frames, outcomes));
    }
    const compute = this.model.busySeconds - busyBefore;
    return { compute, wait: Math.max(0, (performance.now() - started) / 1000 - compute) };
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

  async #compute(frames: readonly PickedFrame[], outcomes: Outcomes): Promise<Part> {
    const { model } = this;
    const features = new Float32Array(frames.length * model.width);
    const part: OpenPart = { features, rows: [], unreadable: [] };
    await forEachParallel(this.#batches(frames, outcomes, part), model.parallel, this.work.signal, async (batch) => {
      const rows = await model.run(batch.pixels);
      expectFinite(rows, batch.names);
      batch.scatter(rows, model.width, features);
      this.#computed += batch.size;
      this.#report();
    });
    this.#report();
    return { ...part, features: features.subarray(0, part.rows.length * model.width) };
  }

  /** Fills in everything of the part but the rows that have to be computed, which it gives. */
  async *#batches(frames: readonly PickedFrame[], outcomes: Outcomes, part: OpenPart): AsyncGenerator<Batch> {
    const { earlier, model } = this;
    const { features, rows, unreadable } = part;
    let batch = new Batch();
    for (const frame of frames) {
      this.work.signal?.throwIfAborted();
      const { fileName, crc32, box } = frame;
      if (earlier.has(frame)) {
        await earlier.take(frame, features.subarray(rows.length * model.width, (rows.length + 1) * model.width));
        rows.push({ fileName, crc32, box, truncated: false, reused: true });
        this.#reused++;
        continue;
      }
      const [, outcome] = (await outcomes.next()).value!;
      if ('reason' in outcome) {
        unreadable.push({ fileName, reason: outcome.reason });
        this.#computed++;
        continue;
      }
      batch.add(fileName, outcome.pixels, rows.length);
      rows.push({ fileName, crc32, box, truncated: outcome.truncated, reused: false });
      if (batch.size < model.batchSize) continue;
      yield batch;
      batch = new Batch();
    }
    if (batch.size > 0) yield batch;
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

/** A part on its way: rows and unreadable frames are added as frames are looked at. */
interface OpenPart {
  readonly features: Float32Array;
  readonly rows: PartRow[];
  readonly unreadable: UnreadableFrame[];
}

/** Photographs on their way through TensorFlow, with the rows that their features belong in. */
class Batch {
  readonly names: string[] = [];
  readonly pixels: Uint8Array[] = [];
  readonly #rows: number[] = [];

  get size(): number {
    return this.pixels.length;
  }

  add(name: string, pixels: Uint8Array, row: number): void {
    this.names.push(name);
    this.pixels.push(pixels);
    this.#rows.push(row);
  }

  scatter(features: Float32Array, width: number, target: Float32Array): void {
    this.#rows.forEach((row, position) => {
      target.set(features.subarray(position * width, (position + 1) * width), row * width);
    });
  }
}
