import { createReadStream } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createFileAtomic, pathExists } from '../../io/files';
import type { Photograph } from './photographs';

/** What the network said of a photograph. */
export interface FramePrediction extends Photograph {
  /** As they came out: probabilities, or features where these are pooled. */
  readonly outputs: readonly number[];
  readonly truncated: boolean;
  /** When it was taken, milliseconds by the camera's clock. */
  readonly taken?: number;
}

/**
 * What was predicted so far, a line a photograph. Lines are only ever added; one that a crash cut short is not JSON and
 * counts as not written. A photograph that changed since, or another model, is predicted again.
 */
export class Journal {
  readonly #predictions: Map<string, FramePrediction>;
  readonly #file: FileHandle;

  private constructor(predictions: Map<string, FramePrediction>, file: FileHandle) {
    this.#predictions = predictions;
    this.#file = file;
  }

  /** @param model - digest of the model; lines of another are forgotten */
  static async open(path: string, model: string): Promise<Journal> {
    const known = await readOrBegin(path, model);
    const file = await open(path, 'a');
    // The line break ends what a crash may have cut short.
    await file.appendFile('\n');
    return new Journal(known, file);
  }

  /** The prediction of a photograph, if it is still the same file. */
  find({ file, bytes, modified }: Photograph): FramePrediction | undefined {
    const known = this.#predictions.get(file);
    return known?.bytes === bytes && known.modified === modified ? known : undefined;
  }

  async add(predictions: readonly FramePrediction[]): Promise<void> {
    for (const prediction of predictions) this.#predictions.set(prediction.file, prediction);
    await this.#file.appendFile(predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join(''));
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Another call on the same folder may begin the journal at the same time: both go on with one. */
async function readOrBegin(path: string, model: string): Promise<Map<string, FramePrediction>> {
  for (;;) {
    await createFileAtomic(path, `${JSON.stringify({ model })}\n`);
    const known = await readLines(path, model);
    if (known !== undefined) return known;
    await rm(path, { force: true });
  }
}

/** @returns `undefined` where there is a journal of another model, or none */
async function readLines(path: string, model: string): Promise<Map<string, FramePrediction> | undefined> {
  if (!(await pathExists(path))) return undefined;
  const predictions = new Map<string, FramePrediction>();
  let header: unknown;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const value = parse(line);
    header ??= value;
    if ((header as { model?: string } | undefined)?.model !== model) return undefined;
    if (value !== undefined && 'outputs' in value) predictions.set(value.file, value);
  }
  return header === undefined ? undefined : predictions;
}

function parse(line: string): FramePrediction | undefined {
  try {
    return JSON.parse(line) as FramePrediction;
  } catch {
    return undefined;
  }
}
