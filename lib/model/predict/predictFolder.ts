import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SerengetiError } from '../../contracts/errors';
import { looksAt, type Box, type Detection } from '../../contracts/detection';
import type { WorkOptions } from '../../contracts/progress';
import { loadDetections, type Detections } from '../../metadata';
import { forEachParallel } from '../../io/parallel';
import { loadModel, readModelCard, type Classifier } from '../classifier';
import { CARD_FILE, MODEL_FOLDER } from '../classifier/assemble';
import type { DecodedFrame } from '../features';
import { DecodeAhead } from '../features/decodeAhead';
import { mostProbable } from '../metrics/scores';
import { expectFinite } from '../inference';
import { chooseFrames } from './chosenFrames';
import { ClockShifts } from './clockShifts';
import { readHeader, type PhotographHeader } from './header';
import { Journal, JOURNAL_FILE, type FramePrediction } from './journal';
import { listPhotographs, type Listing, type Photograph, type SkippedKind } from './listing';
import type { ClassifiedBox, PhotographResult, SequenceOutcome } from './photographResult';
import { writeResults } from './results';
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
  /** Seconds by which the clocks of the cameras in a folder were behind (or, below 0, ahead), by its path in `folder`. */
  readonly clocks?: Readonly<Record<string, number>>;
  /**
   * What a detector found in the photographs: a file in MegaDetector's output format, whose file names are relative to
   * `folder`. A model of crops needs it; the results then have a class for each box.
   */
  readonly detections?: string | undefined;
}

/** Files whose EXIF blocks are read at a time. */
const HEADERS_AT_ONCE = 16;

export interface PredictWork extends WorkOptions {
  /** Photographs that TensorFlow gets at once, at most. @default 8 of 224×224 on a CPU, 128 on a GPU */
  readonly batchSize?: number;
}

export interface PredictSummary {
  /** Lines of the results. */
  readonly photographs: number;
  readonly sequences: number;
  /** Photographs that the model looked at, in this call or an earlier one: of each sequence as many as in training. */
  readonly seen: number;
  /** Those of an earlier call that have not changed since. */
  readonly reused: number;
  /** Of those that were looked at: files that ended early, or are damaged, and were used as far as possible. */
  readonly truncated: number;
  /** Files and folders that cannot be read. */
  readonly failed: number;
  /** What was passed over because it is no photograph, the most frequent kind first. */
  readonly skipped: readonly SkippedKind[];
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
 * The model looks at as many photographs of a sequence as in training, and all of them get the sequence's label; frames
 * are chosen, pooled and corrected as the model's card says. A photograph that cannot be read is listed with the reason and
 * stops nothing: another of its sequence is looked at.
 *
 * @throws SerengetiError INPUT_INVALID without any photograph, without detections that the model needs, and where `output` has the predictions of another folder,
 *   OUTPUT_FORBIDDEN where nothing can be written there, MODEL_INVALID as {@link loadModel} does, and where the network
 *   answers no number for a photograph
 */
export async function predictFolder(input: PredictInput, work: PredictWork = {}): Promise<PredictSummary> {
  const { photographs, unreadable, skipped } = await listPhotographs(input.folder);
  const clocks = new ClockShifts(input.clocks ?? {}, photographs);
  const detections = await detectionsOf(input, photographs, work);
  const model = await loadModel(input.modelDirectory, work.batchSize);
  try {
    const owner = { model: await digestOf(input), folder: await realpath(input.folder) };
    const journal = await inOutput(input.output, () => Journal.open(join(input.output, JOURNAL_FILE), owner));
    try {
      const described = await readHeaders(photographs, input.folder, clocks, work.signal);
      const sequences = groupIntoSequences(described, 1000 * (input.sequenceGap ?? 5));
      const prediction = new FolderPrediction(
        { folder: input.folder, sequences, unreadable, detections },
        model,
        journal,
        work,
      );
      await prediction.run();
      const { results, labels } = prediction.results();
      const files = await inOutput(input.output, () => writeResults(input.output, results, model.card));
      const counted = labels.reduce((sum, { sequences: count }) => sum + count, 0);
      const count = photographs.length + unreadable.length;
      return { photographs: count, sequences: counted, ...prediction.counts, skipped, labels, ...files };
    } finally {
      await journal.close();
    }
  } finally {
    model.dispose();
  }
}

/** What the system says where a folder cannot be made, or a file in it cannot be written: another path helps. */
const FORBIDDEN = [
  ...['EACCES', 'EPERM', 'EROFS', 'EBUSY'],
  ...['ENOTDIR', 'EISDIR', 'EEXIST', 'ENOENT', 'ENAMETOOLONG', 'ELOOP'],
];

async function inOutput<T>(output: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException;
    if (code === undefined || !FORBIDDEN.includes(code)) throw cause;
    const place = path === undefined || path.startsWith(output) ? output : `${output} (at ${path})`;
    throw new SerengetiError('OUTPUT_FORBIDDEN', `Results cannot be written to ${place}: ${code}`, { cause });
  }
}

type Described = Photograph & PhotographHeader;

async function readHeaders(
  photographs: readonly Photograph[],
  folder: string,
  clocks: ClockShifts,
  signal: AbortSignal | undefined,
): Promise<Described[]> {
  const headers = new Map<string, PhotographHeader>();
  await forEachParallel(photographs, HEADERS_AT_ONCE, signal, async ({ file }) => {
    headers.set(file, await readHeader(join(folder, file), file, clocks.of(file)));
  });
  return photographs.map((photograph) => ({ ...photograph, ...headers.get(photograph.file)! }));
}

/**
 * What was detected in the photographs; `undefined` where no detector looked at them.
 *
 * @throws SerengetiError INPUT_INVALID where the model looks at boxes and there are none of these photographs
 */
async function detectionsOf(
  { detections: path, modelDirectory, folder }: PredictInput,
  photographs: readonly Photograph[],
  work: WorkOptions,
): Promise<Detections | undefined> {
  if (path === undefined) {
    if ((await readModelCard(modelDirectory)).preprocessing.crop === undefined) return undefined;
    throw new SerengetiError(
      'INPUT_INVALID',
      'The model looks at the animals that a detector found: name its results for this folder, in MegaDetector’s format, with --detections',
    );
  }
  const detections = await loadDetections(path, work);
  if (photographs.some(({ file }) => detections.has(file.normalize()))) return detections;
  const names = [...detections.keys()].slice(0, 3).map((name) => `"${name}"`);
  throw new SerengetiError(
    'INPUT_INVALID',
    `${path} tells of none of the photographs in ${folder}: its names should be relative to that folder. ` +
      `It has ${names.join(', ') || 'no image'}; the folder has "${photographs[0]!.file}"`,
    { details: { path, folder } },
  );
}

/** One look at a photograph. */
interface Look {
  readonly photograph: Described;
  /** Of how many, from 0. */
  readonly number: number;
  readonly of: number;
  readonly box: Box | null;
}

interface DecodedLook extends DecodedFrame, Look {}

/** The outputs of a photograph's looks, as far as they are known. */
interface OpenOutputs {
  readonly values: number[];
  missing: number;
}

/** What is predicted. */
interface FolderContent {
  readonly folder: string;
  readonly sequences: readonly (readonly Described[])[];
  readonly unreadable: Listing['unreadable'];
  readonly detections: Detections | undefined;
}

/** One call's way through the photographs that are not predicted yet. */
class FolderPrediction {
  readonly #failures = new Map<string, string>();
  readonly #outputs = new Map<string, OpenOutputs>();
  readonly #started = performance.now();
  #total = 0;
  #predicted = 0;
  #reused = 0;

  constructor(
    private readonly content: FolderContent,
    private readonly model: Classifier,
    private readonly journal: Journal,
    private readonly work: WorkOptions,
  ) {}

  async run(): Promise<void> {
    this.#total = this.#chosen().length;
    this.#reused = this.#total - this.#open().length;
    this.#report();
    // What cannot be read is replaced by others of its sequence, which may turn out to be broken too.
    for (let open = this.#open(); open.length > 0; open = this.#open()) {
      this.#total = this.#reused + this.#predicted + this.#failures.size + open.length;
      await forEachParallel(this.#batches(open), this.model.network.parallel, this.work.signal, (batch) =>
        this.#predict(batch),
      );
    }
    this.#report();
  }

  get counts() {
    const predictions = this.#chosen().map((photograph) => this.journal.find(photograph)!);
    return {
      seen: predictions.length,
      reused: this.#reused,
      truncated: predictions.filter(({ truncated }) => truncated).length,
      failed: this.#failures.size + this.content.unreadable.length,
    };
  }

  /** What every photograph was taken for, and how many sequences were taken for what. */
  results(): { results: PhotographResult[]; labels: PredictSummary['labels'] } {
    const { classes } = this.model.card;
    const results: PhotographResult[] = [];
    const counts = new Map<string, number>();
    for (const sequence of this.content.sequences) {
      const readable = sequence.filter(({ file }) => !this.#failures.has(file));
      if (readable.length === 0) continue;
      const outcome = this.#outcomeOf(readable);
      results.push(
        ...readable.map((photograph) => ({
          ...photograph,
          truncated: this.#isTruncated(photograph),
          boxes: this.#boxesOf(photograph, outcome),
          outcome,
        })),
      );
      const label = classes[mostProbable(outcome.probabilities)]!;
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    for (const [file, failure] of this.#failures) results.push({ file, outcome: { failure } });
    for (const { file, reason } of this.content.unreadable) results.push({ file, outcome: { failure: reason } });
    const labels = [...counts].map(([label, count]) => ({ label, sequences: count }));
    return {
      results: results.sort((a, b) => (a.file < b.file ? -1 : 1)),
      labels: labels.sort((a, b) => b.sequences - a.sequences || (a.label < b.label ? -1 : 1)),
    };
  }

  #outcomeOf(readable: readonly Described[]): SequenceOutcome {
    const name = readable[0]!.file;
    const chosen = chooseFrames(readable, this.model.card.framesPerSequence);
    const rows = chosen.flatMap((photograph) => this.#rowsOf(photograph));
    return { sequence: name, probabilities: this.model.predictSequence(rows, name) };
  }

  /** The network's rows for the looks at a photograph: none where it did not look at it. */
  #rowsOf(photograph: Described): Float32Array[] {
    const outputs = Float32Array.from(this.journal.find(photograph)?.outputs ?? []);
    const { width } = this.model.network;
    return Array.from({ length: outputs.length / width }, (_, look) =>
      outputs.subarray(look * width, (look + 1) * width),
    );
  }

  /** What was detected, and what it was taken for: each box that the model looked at by itself, the others as their sequence. */
  #boxesOf(photograph: Described, { probabilities }: SequenceOutcome): ClassifiedBox[] | undefined {
    const detections = this.#detectionsOf(photograph);
    if (detections === undefined) return undefined;
    const rows = this.#rowsOf(photograph);
    const looks = this.#looksAt(photograph);
    return detections.map((detection) => {
      const row = rows[looks.indexOf(detection.box)];
      return {
        detection,
        probabilities: row === undefined ? probabilities : this.model.predictSequence([row], photograph.file),
      };
    });
  }

  #detectionsOf({ file }: Photograph): readonly Detection[] | undefined {
    return this.content.detections?.get(file.normalize());
  }

  #looksAt(photograph: Photograph): readonly (Box | null)[] {
    const { crop } = this.model.card.preprocessing;
    return crop === undefined ? [null] : looksAt(this.#detectionsOf(photograph) ?? [], crop.threshold);
  }

  /** `undefined` where the model did not look at it. */
  #isTruncated(photograph: Described): boolean | undefined {
    return this.journal.find(photograph)?.truncated;
  }

  #open(): Described[] {
    return this.#chosen().filter((photograph) => this.journal.find(photograph) === undefined);
  }

  /** The photographs to look at, as far as is known which can be read. */
  #chosen(): Described[] {
    return this.content.sequences.flatMap((sequence) => {
      const readable = sequence.filter(({ file }) => !this.#failures.has(file));
      return chooseFrames(readable, this.model.card.framesPerSequence);
    });
  }

  async *#batches(photographs: readonly Described[]): AsyncGenerator<readonly DecodedLook[]> {
    const { network, card } = this.model;
    const looks = photographs.flatMap((photograph) =>
      this.#looksAt(photograph).map((box, number, { length }): Look => ({ photograph, box, number, of: length })),
    );
    const read = async ({ photograph, box }: Look) => ({ file: await this.#read(photograph.file), box });
    let batch: DecodedLook[] = [];
    for await (const [look, outcome] of new DecodeAhead(looks, read, card.preprocessing, network.ahead)) {
      this.work.signal?.throwIfAborted();
      if ('reason' in outcome) this.#failures.set(look.photograph.file, outcome.reason);
      else batch.push({ ...outcome, ...look });
      if (batch.length < network.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async #read(file: string): Promise<Buffer> {
    return await readFile(join(this.content.folder, file)).catch((cause: NodeJS.ErrnoException) => {
      throw new SerengetiError('FRAME_UNREADABLE', `The file cannot be read: ${cause.code ?? cause.message}`, {
        cause,
      });
    });
  }

  async #predict(batch: readonly DecodedLook[]): Promise<void> {
    const { network } = this.model;
    const rows = await network.run(batch.map(({ pixels }) => pixels));
    expectFinite(
      rows,
      batch.map(({ photograph }) => photograph.file),
    );
    const predictions = batch.flatMap((look, position): FramePrediction[] => {
      const { file, bytes, modified, fingerprint } = look.photograph;
      const outputs = this.#complete(look, rows.subarray(position * network.width, (position + 1) * network.width));
      return outputs === undefined ? [] : [{ file, bytes, modified, fingerprint, outputs, truncated: look.truncated }];
    });
    await this.journal.add(predictions);
    this.#predicted += predictions.length;
    this.#report();
  }

  /** The outputs of all looks at a photograph, once the last of them is there. */
  #complete({ photograph: { file }, number, of }: Look, row: Float32Array): readonly number[] | undefined {
    let open = this.#outputs.get(file);
    if (open === undefined) this.#outputs.set(file, (open = { values: [], missing: of }));
    for (const [position, value] of row.entries()) open.values[number * row.length + position] = value;
    open.missing--;
    if (open.missing > 0) return undefined;
    this.#outputs.delete(file);
    return open.values;
  }

  #report(): void {
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = this.#predicted === 0 ? '' : `${(this.#predicted / seconds).toFixed(1)} photographs/s`;
    const failed = this.#failures.size === 0 ? '' : `${this.#failures.size} cannot be read`;
    this.work.onProgress?.({
      done: this.#reused + this.#predicted + this.#failures.size,
      total: this.#total,
      unit: 'frames',
      reused: this.#reused,
      note: [rate, failed].filter((part) => part !== '').join(', ') || undefined,
    });
  }
}

/** Of what the network's outputs depend on, beside the photographs. */
async function digestOf({ modelDirectory, detections }: PredictInput): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(modelDirectory, CARD_FILE)));
  await pipeline(createReadStream(join(modelDirectory, MODEL_FOLDER, 'saved_model.pb')), hash, {
    end: detections === undefined,
  });
  if (detections !== undefined) await pipeline(createReadStream(detections), hash);
  return hash.digest('hex');
}
