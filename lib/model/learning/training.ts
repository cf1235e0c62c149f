import { SerengetiError } from '../../contracts/errors';
import type { EpochRecord } from '../../contracts/model';
import type { WorkOptions } from '../../contracts/progress';
import type { DescentOptions } from '../../contracts/runInput';
import { Random } from '../random';
import type { TrainingState } from './checkpoint';
import type { Examples } from './examples';
import type { Batch, BatchSource, Learner, LabelledBatch } from './learner';
import { Turns } from './turns';

/** Purposes of random generators: see {@link Random}. */
const SHUFFLE = 3;
const CHANCE = 4;

/** Rows, batch by batch, and what should be made of them. */
export interface Dataset<I> {
  readonly batches: BatchSource<I>;
  readonly examples: Examples;
}

export interface TrainingPlan<I> {
  readonly learner: Learner<I>;
  readonly learned: Dataset<I>;
  /** Set aside to watch the training on. Absent: all epochs are trained. */
  readonly monitored: Dataset<I> | undefined;
  readonly options: Pick<DescentOptions, 'epochs' | 'learningRate' | 'schedule' | 'patience'>;
  readonly seed: number;
  /** Where an earlier training of the same plan stopped. */
  readonly state: TrainingState | undefined;
  /** The parameters were trained before: they stay when no epoch makes them better on the monitored rows. */
  readonly trainedBefore?: boolean;
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

/** A network's way through its epochs. */
export class Training<I> {
  readonly #plan: TrainingPlan<I>;
  #history: readonly EpochRecord[];
  #best: TrainingState['best'];

  constructor(plan: TrainingPlan<I>) {
    this.#plan = plan;
    this.#history = plan.state?.history ?? [];
    this.#best = plan.state?.best;
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
    if (this.#plan.trainedBefore === true && this.#history.length === 0)
      this.#keepIfBest(0, await this.#watch(work.signal));
    while (!this.#isOver()) {
      await this.#epoch(work.signal, report);
      report(describe(this.#history.at(-1)));
      yield { learner: this.#plan.learner.state(), history: this.#history, best: this.#best };
    }
  }

  /** What came out: the parameters of the last epoch, or of the best on the monitored rows. */
  result(): { parameters: readonly Float32Array[]; history: readonly EpochRecord[]; epoch: number } {
    const parameters = this.#best?.parameters ?? this.#plan.learner.state().parameters;
    return { parameters, history: this.#history, epoch: this.#best?.epoch ?? this.#history.length };
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
    this.#keepIfBest(epoch, monitored);
  }

  #keepIfBest(epoch: number, monitored: Tally | undefined): void {
    if (this.#plan.options.patience === 0 || monitored === undefined) return;
    if (monitored.loss >= (this.#best?.loss ?? Infinity)) return;
    this.#best = { epoch, loss: monitored.loss, parameters: this.#plan.learner.state().parameters };
  }

  async #learn(epoch: number, rate: number, signal: AbortSignal | undefined, report: (note: string) => void) {
    const { seed, learner, learned } = this.#plan;
    const tally = new Tally(learned.examples);
    const turns = new Turns(signal);
    let step = 0;
    for await (const batch of learned.batches.batches(new Random(seed, SHUFFLE, epoch))) {
      const outcome = await learner.update(labelled(batch, learned), rate, new Random(seed, CHANCE, epoch, step++));
      if (!Number.isFinite(outcome.loss)) throw diverged(batch, epoch, step, rate);
      tally.add(batch.rows, outcome);
      if (await turns.take()) report(`epoch ${epoch}, step ${step}: loss ${tally.loss.toFixed(4)}`);
    }
    return tally;
  }

  async #watch(signal: AbortSignal | undefined): Promise<Tally | undefined> {
    const { monitored, learner, seed } = this.#plan;
    if (monitored === undefined) return undefined;
    const tally = new Tally(monitored.examples);
    const turns = new Turns(signal);
    for await (const batch of monitored.batches.batches(new Random(seed, SHUFFLE))) {
      tally.add(batch.rows, await learner.evaluate(labelled(batch, monitored)));
      await turns.take();
    }
    return tally;
  }
}

function labelled<I>({ rows, input }: Batch<I>, { examples }: Dataset<I>): LabelledBatch<I> {
  return { input, targets: examples.targets(rows), weights: examples.weights(rows) };
}

/** Step size of an epoch, from 1. Cosine: Loshchilov and Hutter 2017, equation 5, without restarts. */
function learningRateOf({ schedule, learningRate, epochs }: TrainingPlan<unknown>['options'], epoch: number): number {
  if (schedule === 'constant') return learningRate;
  return (learningRate * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs))) / 2;
}

function describe(record: EpochRecord | undefined): string | undefined {
  if (record === undefined) return undefined;
  const monitored = record.monitorLoss === undefined ? '' : `, on sites set aside ${record.monitorLoss.toFixed(4)}`;
  return `loss ${record.loss.toFixed(4)}${monitored}, accuracy ${(100 * record.accuracy).toFixed(1)} %`;
}

function diverged({ input }: Batch<unknown>, epoch: number, step: number, rate: number): SerengetiError {
  if (input instanceof Float32Array && !input.every(Number.isFinite)) {
    return new SerengetiError('ARTIFACT_CORRUPT', `Epoch ${epoch}, step ${step}: a feature is not a finite number`);
  }
  const message = `Epoch ${epoch}, step ${step}: the loss is not a number at a learning rate of ${rate}`;
  return new SerengetiError('TRAINING_DIVERGED', message, { details: { epoch, step, learningRate: rate } });
}
