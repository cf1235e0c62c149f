import { availableParallelism, totalmem } from 'node:os';
import type { InputSize } from '../../contracts/preprocessing';
import type { Device } from '../device';
import { BATCH, USUAL_PIXELS } from './atOnce';
import { giveBack, takeProcess } from './idle';
import type { InferenceProcess } from './inferenceProcess';
import type { NetworkForm } from './network';

/** What a process takes on a CPU with its usual batch, with room to spare: that of EfficientNet-Lite0 took 0.7 GB, of NASNetMobile 0.5 GB. */
const PROCESS_BYTES = 1e9;

/**
 * A SavedModel that takes photographs, and gives a row of values for each: features or probabilities. It runs in
 * processes of its own: one on a GPU; on a CPU as many as there are cores, as far as half of the memory has room.
 */
export class ImageModel {
  /** Values in a row. */
  readonly width: number;
  /** Photographs that a call of {@link run} should get, and at most. */
  readonly batchSize: number;
  /** Calls of {@link run} to have under way at a time: each process has work, and the next is at hand. */
  readonly parallel: number;
  /** Photographs to have read and decoded before they are asked for. */
  readonly ahead: number;
  readonly #load: (process: InferenceProcess) => Promise<unknown>;
  readonly #free: InferenceProcess[];
  readonly #most: number;
  readonly #waiting: ((process: InferenceProcess) => void)[] = [];
  #processes = 1;
  #busySeconds = 0;
  #disposed = false;

  private constructor(
    first: InferenceProcess,
    { width, batchSize, device }: Awaited<ReturnType<InferenceProcess['load']>>,
    input: InputSize,
    load: (process: InferenceProcess) => Promise<unknown>,
  ) {
    this.width = width;
    this.batchSize = batchSize;
    this.#most = processesOn(device, batchSize * input.width * input.height);
    this.parallel = this.#most + 1;
    this.ahead = 3 * batchSize * this.parallel;
    this.#load = load;
    this.#free = [first];
  }

  /**
   * @param batchSize - photographs a call, at most; on a GPU halved until its memory has room for them. Default: 8 of
   *   224×224 pixels on a CPU, 128 on a GPU, of larger ones as many as take the same memory
   * @throws SerengetiError MODEL_INVALID if the folder is no SavedModel, or one of another form; INFERENCE_LOST
   */
  static async load(directory: string, form: NetworkForm, batchSize?: number): Promise<ImageModel> {
    const load = (process: InferenceProcess) => process.load(directory, form, batchSize);
    const { process, loaded } = await start(load);
    return new ImageModel(process, loaded, form.preprocessing, load);
  }

  /**
   * Runs decoded photographs through the network: a row of `width` values each. A further process starts when all that
   * there are have work.
   *
   * A photograph's row has the same bits whatever batch it came in.
   *
   * @throws SerengetiError INFERENCE_LOST when the process crashed or was killed
   */
  async run(frames: readonly Uint8Array[]): Promise<Float32Array> {
    const process = await this.#take();
    const started = performance.now();
    try {
      return await process.run(frames);
    } finally {
      this.#busySeconds += (performance.now() - started) / 1000;
      this.#done(process);
    }
  }

  /** Seconds that processes were at work, on average. */
  get busySeconds(): number {
    return this.#busySeconds / this.#most;
  }

  /** Lets the processes go; those that are at work, when they have finished it. */
  dispose(): void {
    this.#disposed = true;
    for (const process of this.#free.splice(0)) giveBack(process);
  }

  async #take(): Promise<InferenceProcess> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#processes === this.#most) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#processes++;
    return (await start(this.#load)).process;
  }

  #done(process: InferenceProcess): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(process);
    else if (this.#disposed) giveBack(process);
    else this.#free.push(process);
  }
}

async function start<T>(
  load: (process: InferenceProcess) => Promise<T>,
): Promise<{ process: InferenceProcess; loaded: T }> {
  const process = takeProcess();
  try {
    return { process, loaded: await load(process) };
  } catch (error) {
    giveBack(process);
    throw error;
  }
}

/** @param pixels - of a batch */
function processesOn(device: Device, pixels: number): number {
  if (device === 'gpu') return 1;
  const bytes = PROCESS_BYTES * Math.max(1, pixels / (BATCH.cpu * USUAL_PIXELS));
  // What a container may use; without a limit 0, or more than there is.
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(memory / 2 / bytes)));
}
