import { setImmediate } from 'node:timers/promises';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { isSerengetiError, SerengetiError } from '../contracts/errors';
import type { Preprocessing } from '../contracts/model';
import { IMAGES_INPUT } from './backbones';
import { runtimeInfo, tensorflow, type TensorFlow } from './runtime';

type SavedModel = Awaited<ReturnType<TensorFlow['node']['loadSavedModel']>>;

/** How long a batch should keep the event loop: a quarter of what is promised, for a busy machine may be slower next time. */
const BATCH_MS = 500;
const LARGEST_BATCH = { cpu: 32, gpu: 128 };
const FIRST_BATCH = 8;

/** What a network takes and gives. */
export interface ImageModelForm {
  readonly preprocessing: Preprocessing;
  /** Name of the output in its signature. */
  readonly output: string;
}

/** A SavedModel that takes photographs, and gives a row of values for each: features or probabilities. */
export class ImageModel {
  /** Values in a row. */
  readonly width: number;
  readonly #model: SavedModel;
  readonly #output: string;
  readonly #preprocessing: Preprocessing;
  /** Photographs that a call of {@link run} gets at most. */
  readonly largestBatch: number;
  /** Rows that every call computes, however few photographs it got; 0: as many as it got. */
  readonly #fixedRows: number;
  #batchSize: number;

  private constructor(model: SavedModel, form: ImageModelForm, largestBatch: number, fixedRows: number) {
    this.#model = model;
    this.#output = form.output;
    this.#preprocessing = form.preprocessing;
    this.largestBatch = largestBatch;
    this.#fixedRows = fixedRows;
    this.#batchSize = fixedRows || Math.min(FIRST_BATCH, largestBatch);
    // The first call also prepares the graph: its time tells nothing of a batch's.
    this.width = this.#predict([new Uint8Array(this.#pixels)]).length / Math.max(fixedRows, 1);
  }

  /**
   * @param batchSize - photographs a call, at most. Default: 32 on a CPU, 128 on a GPU
   * @throws SerengetiError MODEL_INVALID if the folder is no such SavedModel
   */
  static async load(directory: string, form: ImageModelForm, batchSize?: number): Promise<ImageModel> {
    const { device } = runtimeInfo();
    const size = batchSize ?? LARGEST_BATCH[device];
    try {
      const model = await tensorflow().node.loadSavedModel(directory);
      await setImmediate(); // reading the graph and preparing it both take a while: not in one go
      // cuDNN chooses its algorithms by the batch's size, and they round differently. CPU rows do not depend on it.
      return new ImageModel(model, form, size, device === 'gpu' ? size : 0);
    } catch (cause) {
      if (isSerengetiError(cause)) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SerengetiError('MODEL_INVALID', `${directory} is no SavedModel for photographs: ${reason}`, { cause });
    }
  }

  /**
   * Photographs that the next call of {@link run} should get. On a CPU it follows the machine's speed, so that no call
   * takes long.
   */
  get batchSize(): number {
    return this.#batchSize;
  }

  /**
   * Runs decoded photographs through the network: a row of `width` values each. Blocks the thread while it computes.
   *
   * A photograph's row has the same bits whatever batch it came in.
   */
  run(frames: readonly Uint8Array[]): Float32Array {
    const started = performance.now();
    const values = this.#predict(frames).subarray(0, frames.length * this.width);
    this.#adapt(frames.length, performance.now() - started);
    return values;
  }

  dispose(): void {
    this.#model.dispose();
  }

  #predict(frames: readonly Uint8Array[]): Float32Array {
    const tf = tensorflow();
    const { height, width } = this.#preprocessing;
    const rows = Math.max(frames.length, this.#fixedRows);
    return tf.tidy(() => {
      const images = tf.tensor4d(stack(frames, rows, this.#pixels), [rows, height, width, 3], 'int32');
      const outputs = this.#model.predict({ [IMAGES_INPUT]: images }) as Record<string, Tensor>;
      const values = outputs[this.#output];
      if (values === undefined) {
        const names = Object.keys(outputs).join(', ');
        throw new SerengetiError('MODEL_INVALID', `The network gives ${names}; expected "${this.#output}"`);
      }
      return values.dataSync<'float32'>();
    });
  }

  get #pixels(): number {
    return this.#preprocessing.height * this.#preprocessing.width * 3;
  }

  #adapt(frames: number, milliseconds: number): void {
    if (this.#fixedRows !== 0 || frames < this.#batchSize) return;
    const fitting = Math.max(1, Math.floor((frames * BATCH_MS) / milliseconds));
    this.#batchSize = Math.min(this.largestBatch, 2 * frames, fitting);
  }
}

/** tfjs has no tensors of bytes: it makes them from these. */
function stack(frames: readonly Uint8Array[], rows: number, length: number): Int32Array {
  const images = new Int32Array(rows * length);
  frames.forEach((pixels, position) => images.set(pixels, position * length));
  return images;
}
