import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { isSerengetiError, SerengetiError } from '../contracts/errors';
import type { Preprocessing } from '../contracts/model';
import { IMAGES_INPUT } from './backbones';
import { runtimeInfo, tensorflow, type TensorFlow } from './runtime';

type SavedModel = Awaited<ReturnType<TensorFlow['node']['loadSavedModel']>>;

/** Longer than this the event loop is not to be kept from heartbeats: half of what is promised. */
const LONGEST_BATCH_MS = 1000;
const BATCH_SIZE = { cpu: 32, gpu: 128 };

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
  /** Rows that every call computes, however few photographs it got; 0: as many as it got. */
  readonly #fixedRows: number;
  #batchSize: number;

  private constructor(model: SavedModel, form: ImageModelForm, batchSize: number, fixedRows: number) {
    this.#model = model;
    this.#output = form.output;
    this.#preprocessing = form.preprocessing;
    this.#batchSize = batchSize;
    this.#fixedRows = fixedRows;
    // The first call also prepares the graph: its time tells nothing of a batch's.
    this.width = this.#predict([new Uint8Array(this.#pixels)]).length / Math.max(fixedRows, 1);
  }

  /**
   * @param batchSize - photographs a call. Default: 32 on a CPU, 128 on a GPU
   * @throws SerengetiError MODEL_INVALID if the folder is no such SavedModel
   */
  static async load(directory: string, form: ImageModelForm, batchSize?: number): Promise<ImageModel> {
    const { device } = runtimeInfo();
    const size = batchSize ?? BATCH_SIZE[device];
    try {
      const model = await tensorflow().node.loadSavedModel(directory);
      // cuDNN chooses its algorithms by the batch's size, and they round differently. CPU rows do not depend on it.
      return new ImageModel(model, form, size, device === 'gpu' ? size : 0);
    } catch (cause) {
      if (isSerengetiError(cause)) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SerengetiError('MODEL_INVALID', `${directory} is no SavedModel for photographs: ${reason}`, { cause });
    }
  }

  /** Photographs that one call of {@link run} should get; shrinks where a call takes too long. */
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
    this.#keepShort(frames.length, performance.now() - started);
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

  #keepShort(frames: number, milliseconds: number): void {
    if (this.#fixedRows === 0 && frames > 1 && milliseconds > LONGEST_BATCH_MS) {
      this.#batchSize = Math.max(1, Math.floor((frames * LONGEST_BATCH_MS) / milliseconds));
    }
  }
}

/** tfjs has no tensors of bytes: it makes them from these. */
function stack(frames: readonly Uint8Array[], rows: number, length: number): Int32Array {
  const images = new Int32Array(rows * length);
  frames.forEach((pixels, position) => images.set(pixels, position * length));
  return images;
}
