import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { SerengetiError } from '../../contracts/errors';
import type { ModelCard } from '../../contracts/model';
import type { Preprocessing } from '../../contracts/preprocessing';
import { FEATURES_OUTPUT, IMAGES_INPUT } from '../backbones/models';
import { fitToMemory, type Device } from '../device';
import { SERVING_SIGNATURE, SERVING_TAG } from '../graph';
import { BATCH, photographsAtOnce } from './atOnce';
import { expectFinite } from './finite';
import { deviceInUse, tensorflow, type TensorFlow } from '../runtime';

type SavedModel = Awaited<ReturnType<TensorFlow['node']['loadSavedModel']>>;

/** What a network takes and gives. */
export interface NetworkForm {
  readonly preprocessing: Preprocessing;
  /** Its name, and those of its input and its output. */
  readonly signature: ModelCard['signature'];
}

/** Signature of a backbone. */
export const FEATURES_SIGNATURE = { name: SERVING_SIGNATURE, input: IMAGES_INPUT, output: FEATURES_OUTPUT };

/** A SavedModel of photographs in this process. Its calls block the thread; TensorFlow's memory is held until `dispose`. */
export class Network {
  readonly device: Device;
  /** Values in a row. */
  readonly width: number;
  /** Photographs that a call of {@link run} gets at most. */
  readonly batchSize: number;
  readonly #model: SavedModel;
  readonly #form: NetworkForm;
  /** Rows that every call computes, however few photographs it got; 0: as many as it got. */
  readonly #fixedRows: number;

  private constructor(model: SavedModel, form: NetworkForm, device: Device, batchSize: number) {
    this.device = device;
    this.batchSize = batchSize;
    this.#model = model;
    this.#form = form;
    // cuDNN chooses its algorithms by the batch's size, and they round differently: all batches get the same.
    this.#fixedRows = device === 'gpu' ? batchSize : 0;
    // The first call also prepares the graph.
    const black = this.#predict(new Uint8Array(this.#pixels), 1);
    expectFinite(black, ['a black photograph']);
    this.width = black.length / Math.max(this.#fixedRows, 1);
  }

  /**
   * @param batchSize - photographs a call, at most; on a GPU halved until its memory has room for them. Default: 8 of
   *   224×224 pixels on a CPU, 128 on a GPU, of larger ones as many as take the same memory
   * @throws SerengetiError MODEL_INVALID if the folder is no SavedModel, one of another form, or one that answers no number
   */
  static async load(directory: string, form: NetworkForm, batchSize?: number): Promise<Network> {
    await expectForm(directory, form);
    const device = deviceInUse();
    const size = batchSize ?? photographsAtOnce(BATCH[device], form.preprocessing);
    try {
      const model = await tensorflow().node.loadSavedModel(directory, [SERVING_TAG], form.signature.name);
      if (device === 'cpu') return new Network(model, form, device, size);
      return fitToMemory(size, (rows) => new Network(model, form, device, rows));
    } catch (cause) {
      throw invalid(directory, `cannot be loaded: ${messageOf(cause)}`, cause);
    }
  }

  /**
   * Runs decoded photographs through the network: a row of `width` values each.
   *
   * A photograph's row has the same bits whatever batch it came in.
   *
   * @param pixels - of so many photographs, one after the other
   */
  run(pixels: Uint8Array, photographs: number): Float32Array {
    return this.#predict(pixels, photographs).subarray(0, photographs * this.width);
  }

  dispose(): void {
    this.#model.dispose();
  }

  #predict(pixels: Uint8Array, photographs: number): Float32Array {
    const tf = tensorflow();
    const { height, width } = this.#form.preprocessing;
    const rows = Math.max(photographs, this.#fixedRows);
    return tf.tidy(() => {
      // tfjs has no tensors of bytes, but those of truth values hold bytes, and it hands them on to a model's input of
      // bytes as they are. As int32 they would be four times as large and be converted twice.
      const images = tf.tensor4d(filledUp(pixels, rows * this.#pixels), [rows, height, width, 3], 'bool');
      const { input, output } = this.#form.signature;
      const outputs = this.#model.predict({ [input]: images }) as Record<string, Tensor>;
      return outputs[output]!.dataSync<'float32'>();
    });
  }

  get #pixels(): number {
    return this.#form.preprocessing.height * this.#form.preprocessing.width * 3;
  }
}

function filledUp(pixels: Uint8Array, length: number): Uint8Array {
  if (pixels.length === length) return pixels;
  const filled = new Uint8Array(length);
  filled.set(pixels);
  return filled;
}

/** What tfjs-node hands on from the SavedModel: a protobuf message, whatever its types say. */
interface Dimension {
  getSize(): number;
}

/** TensorFlow itself would run pictures of any size, and give something. */
async function expectForm(directory: string, { signature, preprocessing }: NetworkForm): Promise<void> {
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
