import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { forEachParallel } from '../../io/parallel';
import { loadModel, type Classifier } from '../classifier';
import { CARD_FILE, MODEL_FOLDER } from '../classifier/assemble';
import type { DecodedFrame } from '../features';
import { DecodeAhead } from '../features/decodeAhead';
import { mostProbable } from '../metrics/scores';
import { Journal, type FramePrediction } from './journal';
import { listPhotographs, takenAt, type Photograph } from './photographs';
import { writeCsv, writeMegaDetectorJson, type PhotographResult } from './results';
import { groupIntoSequences } from './sequences';

export interface PredictInput {
  /** Photographs, in it and below it. It is only read. */
  readonly folder: string;
  /** A model artifact. */
  readonly modelDirectory: string;
  /** Folder for the results. */
  readonly output: string;
  /** Photographs of a folder that follow each other within so many seconds are one sequence. @default 5 */
  readonly sequenceGap?: number;
}

export interface PredictWork extends WorkOptions {
  /** Photographs that TensorFlow gets at once, at most. @default 8 on a CPU, 128 on a GPU */
  readonly batchSize?: number;
}

export interface PredictSummary {
  readonly photographs: number;
  readonly sequences: number;
  /** Photographs that were predicted by an earlier call and have not changed. */
  readonly reused: number;
  readonly truncated: number;
  readonly failed: number;
  /** Sequences by their most probable class, the most frequent first. */
  readonly labels: readonly { readonly label: string; readonly sequences: number }[];
  /** Paths of the result files. */
  readonly csv: string;
  readonly json: string;
}

/**
 * Labels a folder of photographs. Files in `output`: `predictions.csv`, `predictions.json` (MegaDetector's format), and
 * `journal.jsonl`, by which a call after this one goes on where it stopped and looks at new photographs only.
 *
 * All photographs of a sequence get the sequence's label; frames are pooled and priors corrected as the model's card
 * says. A photograph that cannot be read is listed with the reason and stops nothing.
 *
 * @throws SerengetiError INPUT_INVALID without any photograph, MODEL_INVALID as {@link loadModel} does
 */
export async function predictFolder(input: PredictInput, work: PredictWork = {}): Promise<PredictSummary> {
  const photographs = await listPhotographs(input.folder);
  const model = await loadModel(input.modelDirectory, work.batchSize);
  const journal = await Journal.open(join(input.output, 'journal.jsonl'), await digestOf(input.modelDirectory));
  try {
    const seen = await new FolderPrediction(input.folder, photographs, model, journal, work).run();
    const { results, labels } = resultsOf(seen.predictions, seen.failures, model, input.sequenceGap ?? 5);
    const csv = join(input.output, 'predictions.csv');
    const json = join(input.output, 'predictions.json');
    await writeCsv(csv, results, model.card);
    await writeMegaDetectorJson(json, results, model.card);
    const truncated = seen.predictions.filter((prediction) => prediction.truncated).length;
    const sequences = labels.reduce((sum, { sequences: count }) => sum + count, 0);
    const counts = { photographs: photographs.length, sequences, failed: seen.failures.size, truncated };
    return { ...counts, reused: seen.reused, labels, csv, json };
  } finally {
    await journal.close();
    model.dispose();
  }
}

interface DecodedPhotograph extends DecodedFrame {
  readonly photograph: Photograph;
}

/** One call's way through the photographs that are not predicted yet. */
class FolderPrediction {
  readonly #failures = new Map<string, string>();
  readonly #taken = new Map<string, number | undefined>();
  readonly #started = performance.now();
  #predicted = 0;
  #reused = 0;

  constructor(
    private readonly folder: string,
    private readonly photographs: readonly Photograph[],
    private readonly model: Classifier,
    private readonly journal: Journal,
    private readonly work: WorkOptions,
  ) {}

  async run() {
    const open = this.photographs.filter((photograph) => this.journal.find(photograph) === undefined);
    this.#reused = this.photographs.length - open.length;
    this.#report();
    await forEachParallel(this.#batches(open), this.model.network.parallel, this.work.signal, (batch) =>
      this.#predict(batch),
    );
    this.#report();
    const predictions = this.photographs
      .map((photograph) => this.journal.find(photograph))
      .filter((p) => p !== undefined);
    return { predictions, failures: this.#failures, reused: this.#reused };
  }

  async *#batches(photographs: readonly Photograph[]): AsyncGenerator<readonly DecodedPhotograph[]> {
    const { network, card } = this.model;
    const read = ({ file }: Photograph) => this.#read(file);
    let batch: DecodedPhotograph[] = [];
    for await (const [photograph, outcome] of new DecodeAhead(photographs, read, card.preprocessing, network.ahead)) {
      this.work.signal?.throwIfAborted();
      if ('reason' in outcome) this.#failures.set(photograph.file, outcome.reason);
      else batch.push({ ...outcome, photograph });
      if (batch.length < network.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async #read(file: string): Promise<Buffer> {
    const bytes = await readFile(join(this.folder, file)).catch((cause: NodeJS.ErrnoException) => {
      throw new SerengetiError('FRAME_UNREADABLE', `The file cannot be read: ${cause.code ?? cause.message}`, {
        cause,
      });
    });
    this.#taken.set(file, await takenAt(bytes));
    return bytes;
  }

  async #predict(batch: readonly DecodedPhotograph[]): Promise<void> {
    const { network } = this.model;
    const rows = await network.run(batch.map(({ pixels }) => pixels));
    const predictions = batch.map(({ photograph, truncated }, position): FramePrediction => {
      const row = rows.subarray(position * network.width, (position + 1) * network.width);
      return { ...photograph, outputs: [...row], truncated, taken: this.#taken.get(photograph.file) };
    });
    await this.journal.add(predictions);
    this.#predicted += batch.length;
    this.#report();
  }

  #report(): void {
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = this.#predicted === 0 ? '' : `${(this.#predicted / seconds).toFixed(1)} photographs/s`;
    const failed = this.#failures.size === 0 ? '' : `${this.#failures.size} cannot be read`;
    this.work.onProgress?.({
      done: this.#reused + this.#predicted + this.#failures.size,
      total: this.photographs.length,
      unit: 'frames',
      reused: this.#reused,
      note: [rate, failed].filter((part) => part !== '').join(', ') || undefined,
    });
  }
}

function resultsOf(
  predictions: readonly FramePrediction[],
  failures: ReadonlyMap<string, string>,
  model: Classifier,
  gapSeconds: number,
): { results: PhotographResult[]; labels: PredictSummary['labels'] } {
  const sequences = groupIntoSequences(predictions, 1000 * gapSeconds);
  const results: PhotographResult[] = [];
  const counts = new Map<string, number>();
  for (const frames of sequences) {
    const probabilities = model.predictSequence(frames.map(({ outputs }) => Float32Array.from(outputs)));
    const outcome = { sequence: frames[0]!.file, probabilities };
    results.push(...frames.map(({ file, taken }) => ({ file, taken, outcome })));
    const label = model.card.classes[mostProbable(outcome.probabilities)]!;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  for (const [file, failure] of failures) results.push({ file, outcome: { failure } });
  const labels = [...counts].map(([label, count]) => ({ label, sequences: count }));
  return {
    results: results.sort((a, b) => (a.file < b.file ? -1 : 1)),
    labels: labels.sort((a, b) => b.sequences - a.sequences || (a.label < b.label ? -1 : 1)),
  };
}

async function digestOf(modelDirectory: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(modelDirectory, CARD_FILE)));
  await pipeline(createReadStream(join(modelDirectory, MODEL_FOLDER, 'saved_model.pb')), hash);
  return hash.digest('hex');
}
