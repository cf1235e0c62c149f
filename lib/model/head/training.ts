import { setImmediate } from 'node:timers/promises';
import { SerengetiError } from '../../contracts/errors';
import type { EpochRecord } from '../../contracts/model';
import type { WorkOptions } from '../../contracts/progress';
import type { TrainingOptions } from '../../contracts/runInput';
import type { FeatureTable } from '../features/table';
import { BlockShuffle, type Batch } from './blockShuffle';
import type { TrainingState } from './checkpoint';
import { Examples } from './examples';
import type { Head } from './head';
import { headOf, Learner } from './learner';
import type { MonitorSplit } from './monitor';
import { Random } from '../random';

/** Purposes of random generators: see {@link Random}. */
const SHUFFLE = 3;
const DROPOUT = 4;

/** The event loop gets its turn after this many milliseconds of work. */
const TURN_MS = 50;

export interface TrainingPlan {
  readonly table: FeatureTable;
  readonly head: Head;
  readonly options: TrainingOptions;
  readonly seed: number;
  /** Absent: all rows are learned, all epochs are trained. */
  readonly split: MonitorSplit | undefined;
  readonly memoryBytes: number;
  /** Where an earlier training of the same plan stopped. */
  readonly state: TrainingState | undefined;
}

/** Mean loss and share of right answers over many batches. */
class Tally {
  #loss = 0;
  #right = 0;
  #rows = 0;

  constructor(private readonly examples: Examples) {}

  add(rows: Uint32Array, { loss, predicted }: { readonly loss: number; readonly predicted: Int32Array }): void {
    this.#loss += loss * rows.length;
    this.#rows += rows.length;
    rows.forEach((row, position) => {
      if (this.examples.classesOf(row).includes(predicted[position]!)) this.#right++;
    });
  }

  get loss(): number {
    return this.#loss / this.#rows;
  }

  get accuracy(): number {
    return this.#right / this.#rows;
  }
}

/** One head's way through its epochs. */
export class Training {
  readonly #plan: TrainingPlan;
  readonly #learner: Learner;
  readonly #shuffle: BlockShuffle;
  readonly #examples: Examples;
  readonly #monitor: { readonly shuffle: BlockShuffle; readonly examples: Examples } | undefined;
  #history: readonly EpochRecord[];
  #best: TrainingState['best'];

  constructor(plan: TrainingPlan) {
    const { table, options, split, state } = plan;
    const { batchSize } = options;
    this.#plan = plan;
    const classes = plan.head.layers.at(-1)!.outputs;
    const all = Uint32Array.from({ length: table.rows }, (_, row) => row);
    const learned = split?.learned ?? all;
    this.#examples = new Examples(table, classes, learned, options);
    this.#shuffle = new BlockShuffle(table, learned, { batchSize, memoryBytes: plan.memoryBytes });
    this.#monitor = split && {
      examples: new Examples(table, classes, split.monitored, { ...options, classWeights: 'none', labelSmoothing: 0 }),
      shuffle: new BlockShuffle(table, split.monitored, { batchSize, memoryBytes: plan.memoryBytes / 4 }),
    };
    this.#learner = new Learner(plan.head, state?.learner);
    this.#history = state?.history ?? [];
    this.#best = state?.best;
  }

  /** Trains what is left, and gives the state after each epoch. */
  async *run(work: WorkOptions): AsyncGenerator<TrainingState, void, undefined> {
    const resumed = this.#history.length;
    const report = (note?: string) =>
      work.onProgress?.({
        done: this.#history.length,
        total: this.#plan.options.epochs,
        unit: 'epochs',
        reused: resumed,
        note,
      });
    report(describe(this.#history.at(-1)));
    while (!this.#isOver()) {
      await this.#epoch(work.signal, report);
      report(describe(this.#history.at(-1)));
      yield { learner: this.#learner.state(), history: this.#history, best: this.#best };
    }
  }

  /** The head as it came out. */
  result(): { head: Head; history: readonly EpochRecord[]; epoch: number } {
    const parameters = this.#best?.parameters ?? this.#learner.state().parameters;
    const epoch = this.#best?.epoch ?? this.#history.length;
    return { head: headOf(this.#plan.head, parameters), history: this.#history, epoch };
  }

  dispose(): void {
    this.#learner.dispose();
  }

  #isOver(): boolean {
    const { epochs, patience } = this.#plan.options;
    const finished = this.#history.length;
    return finished >= epochs || (patience > 0 && this.#best !== undefined && finished - this.#best.epoch >= patience);
  }

  async #epoch(signal: AbortSignal | undefined, report: (note: string) => void): Promise<void> {
    signal?.throwIfAborted();
    const started = performance.now();
    const epoch = this.#history.length + 1;
    const learningRate = learningRateOf(this.#plan.options, epoch);
    const learned = await this.#learn(epoch, learningRate, signal, report);
    const monitored = await this.#watch(signal);
    const record: EpochRecord = {
      epoch,
      loss: learned.loss,
      accuracy: learned.accuracy,
      ...(monitored && { monitorLoss: monitored.loss, monitorAccuracy: monitored.accuracy }),
      learningRate,
      seconds: (performance.now() - started) / 1000,
    };
    this.#history = [...this.#history, record];
    if (this.#plan.options.patience > 0 && monitored !== undefined && monitored.loss < (this.#best?.loss ?? Infinity)) {
      this.#best = { epoch, loss: monitored.loss, parameters: this.#learner.state().parameters };
    }
  }

  async #learn(epoch: number, rate: number, signal: AbortSignal | undefined, report: (note: string) => void) {
    const { seed, options } = this.#plan;
    const tally = new Tally(this.#examples);
    const turns = new Turns(signal);
    let step = 0;
    for await (const batch of this.#shuffle.batches(new Random(seed, SHUFFLE, epoch))) {
      const random = new Random(seed, DROPOUT, epoch, step++);
      const outcome = this.#learner.update(this.#lesson(batch, this.#examples), options.dropout, rate, random);
      if (!Number.isFinite(outcome.loss)) throw diverged(batch, epoch, step, rate);
      tally.add(batch.rows, outcome);
      if (await turns.take()) report(`epoch ${epoch}, step ${step}: loss ${tally.loss.toFixed(4)}`);
    }
    return tally;
  }

  async #watch(signal: AbortSignal | undefined): Promise<Tally | undefined> {
    if (this.#monitor === undefined) return undefined;
    const { shuffle, examples } = this.#monitor;
    const tally = new Tally(examples);
    const turns = new Turns(signal);
    for await (const batch of shuffle.batches(new Random(this.#plan.seed, SHUFFLE))) {
      tally.add(batch.rows, this.#learner.evaluate(this.#lesson(batch, examples)));
      await turns.take();
    }
    return tally;
  }

  #lesson({ rows, features }: Batch, examples: Examples) {
    return { features, targets: examples.targets(rows), weights: examples.weights(rows) };
  }
}

/** Lets the event loop have its turn now and then, and stops where it was told to. */
class Turns {
  #since = performance.now();

  constructor(private readonly signal: AbortSignal | undefined) {}

  /** @returns whether a turn was due */
  async take(): Promise<boolean> {
    if (performance.now() - this.#since < TURN_MS) return false;
    await setImmediate();
    this.signal?.throwIfAborted();
    this.#since = performance.now();
    return true;
  }
}

/** Step size of an epoch, from 1. Cosine: Loshchilov and Hutter 2017, equation 5, without restarts. */
function learningRateOf({ schedule, learningRate, epochs }: TrainingOptions, epoch: number): number {
  if (schedule === 'constant') return learningRate;
  return (learningRate * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs))) / 2;
}

function describe(record: EpochRecord | undefined): string | undefined {
  if (record === undefined) return undefined;
  const monitored = record.monitorLoss === undefined ? '' : `, on sites set aside ${record.monitorLoss.toFixed(4)}`;
  return `loss ${record.loss.toFixed(4)}${monitored}, accuracy ${(100 * record.accuracy).toFixed(1)} %`;
}

function diverged({ features }: Batch, epoch: number, step: number, rate: number): SerengetiError {
  if (!features.every(Number.isFinite)) {
    return new SerengetiError('ARTIFACT_CORRUPT', `Epoch ${epoch}, step ${step}: a feature is not a finite number`);
  }
  const message = `Epoch ${epoch}, step ${step}: the loss is not a number at a learning rate of ${rate}`;
  return new SerengetiError('TRAINING_DIVERGED', message, { details: { epoch, step, learningRate: rate } });
}
