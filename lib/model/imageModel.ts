import { setImmediate } from 'node:timers/promises';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { SerengetiError } from '../contracts/errors';
import type { ModelCard, Preprocessing } from '../contracts/model';
import { FEATURES_OUTPUT, IMAGES_INPUT } from './backbones';
import { fitToMemory } from './device';
import { SERVING_SIGNATURE, SERVING_TAG } from './graph';
import { deviceInUse, tensorflow, type TensorFlow } from './runtime';

type SavedModel = Awaited<ReturnType<TensorFlow['node']['loadSavedModel']>>;

/** How long a batch should keep the event loop: a quarter of what is promised, for a busy machine may be slower next time. */
const BATCH_MS = 500;
/** On two cores neither 16 nor 32 was faster every time; 16 hold the event loop half as long and take less memory. */
const LARGEST_BATCH = { cpu: 16, gpu: 128 };
const FIRST_BATCH = 8;

/** What a network takes and gives. */
export interface ImageModelForm {
  readonly preprocessing: Preprocessing;
  /** Its name, and those of its input and its output. */
  readonly signature: ModelCard['signature'];
}

/** Signature of a backbone. */
export const FEATURES_SIGNATURE = { name: SERVING_SIGNATURE, input: IMAGES_INPUT, output: FEATURES_OUTPUT };

/** A SavedModel that takes photographs, and gives a row of values for each: features or probabilities. */
export class ImageModel {
  /** Values in a row. */
  readonly width: number;
  readonly #model: SavedModel;
  readonly #form: ImageModelForm;
  /** Photographs that a call of {@link run} gets at most. */
  readonly largestBatch: number;
  /** Rows that every call computes, however few photographs it got; 0: as many as it got. */
  readonly #fixedRows: number;
  #batchSize: number;

  private constructor(model: SavedModel, form: ImageModelForm, largestBatch: number, fixedRows: number) {
    this.#model = model;
    this.#form = form;
    this.largestBatch = largestBatch;
    this.#fixedRows = fixedRows;
    this.#batchSize = fixedRows || Math.min(FIRST_BATCH, largestBatch);
    // The first call also prepares the graph: its time tells nothing of a batch's.
    this.width = this.#predict([new Uint8Array(this.#pixels)]).length / Math.max(fixedRows, 1);
  }

  /**
   * @param batchSize - photographs a call, at most; on a GPU halved until its memory has room for them. Default: 16 on a
   *   CPU, 128 on a GPU
   * @throws SerengetiError MODEL_INVALID if the folder is no SavedModel, or one of another form
   */
  static async load(directory: string, form: ImageModelForm, batchSize?: number): Promise<ImageModel> {
    await expectForm(directory, form);
    const device = deviceInUse();
    const size = batchSize ?? LARGEST_BATCH[device];
    try {
      const model = await tensorflow().node.loadSavedModel(directory, [SERVING_TAG], form.signature.name);
      await setImmediate(); // reading the graph and preparing it both take a while: not in one go
      if (device === 'cpu') return new ImageModel(model, form, size, 0);
      // cuDNN chooses its algorithms by the batch's size, and they round differently: all batches get the same.
      return fitToMemory(size, (rows) => new ImageModel(model, form, rows, rows));
    } catch (cause) {
      throw invalid(directory, `cannot be loaded: ${messageOf(cause)}`, cause);
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
    const { height, width } = this.#form.preprocessing;
    const rows = Math.max(frames.length, this.#fixedRows);
    return tf.tidy(() => {
      const images = tf.tensor4d(stack(frames, rows, this.#pixels), [rows, height, width, 3], 'bool');
      const { input, output } = this.#form.signature;
      const outputs = this.#model.predict({ [input]: images }) as Record<string, Tensor>;
      return outputs[output]!.dataSync<'float32'>();
    });
  }

  get #pixels(): number {
    return this.#form.preprocessing.height * this.#form.preprocessing.width * 3;
  }

  #adapt(frames: number, milliseconds: number): void {
    if (this.#fixedRows !== 0 || frames < this.#batchSize) return;
    const fitting = Math.max(1, Math.floor((frames * BATCH_MS) / milliseconds));
    this.#batchSize = Math.min(this.largestBatch, 2 * frames, fitting);
  }
}

/**
 * tfjs has no tensors of bytes, but those of truth values hold bytes, and it hands them on to a model's input of bytes as
 * they are. As int32 they would be four times as large and be converted twice, a tenth of the network's own time.
 */
function stack(frames: readonly Uint8Array[], rows: number, length: number): Uint8Array {
  const images = new Uint8Array(rows * length);
  frames.forEach((pixels, position) => images.set(pixels, position * length));
  return images;
}

/** What tfjs-node hands on from the SavedModel: a protobuf message, whatever its types say. */
interface Dimension {
  getSize(): number;
}

/** TensorFlow itself would run pictures of any size, and give something. */
async function expectForm(directory: string, { signature, preprocessing }: ImageModelForm): Promise<void> {
  const graphs = await tensorflow()
    .node.getMetaGraphsFromSavedModel(directory)
    .catch((cause: unknown) => {
      throw invalid(directory, `is no SavedModel: ${messageOf(cause)}`, cause);
    });
  const found = graphs.map(({ signatureDefs }) => signatureDefs[signature.name]).find((entry) => entry !== undefined);
  if (found === undefined) throw invalid(directory, `has no signature "${signature.name}"`);
  const input = found.inputs[signature.input];
  if (input === undefined) throw invalid(directory, `has no input "${signature.input}"`);
  if (found.outputs[signature.output] === undefined) throw invalid(directory, `has no output "${signature.output}"`);
  const [, height, width] = (input.shape as unknown as readonly Dimension[]).map((dimension) => dimension.getSize());
  if (height !== preprocessing.height || width !== preprocessing.width) {
    const expected = `${preprocessing.width}×${preprocessing.height}`;
    throw invalid(directory, `takes photographs of ${width}×${height}, expected ${expected}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function invalid(directory: string, problem: string, cause?: unknown): SerengetiError {
  return new SerengetiError('MODEL_INVALID', `${directory} ${problem}`, { cause, details: { directory } });
}
