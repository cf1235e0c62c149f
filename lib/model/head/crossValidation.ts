import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { WorkOptions } from '../../contracts/progress';
import type { FeatureRows } from '../features/table';
import type { Turns } from '../learning/turns';
import { readKeptTensors, writeTensors, type NamedTensor } from '../safetensors';
import { tensorflow } from '../runtime';
import type { FeatureBlocks } from './featureBlocks';
import type { Folds } from './folds';
import { begin, isConverged, iterate } from './lbfgs';
import { leftOutOf, type LeftOut, type Scoring } from './leftOut';
import { Metric } from './metric';
import { logitsOf } from './network';
import { PenalisedLoss, tensorsOf, type HeadForm } from './penalisedLoss';
import type { TrainingSet } from './trainingSet';

/** Steepest coordinate of a gradient at which a head counts as converged. */
const TOLERANCE = 1e-3;
const MOST_ITERATIONS = 300;

/** A head that may be trained: its hidden layers, and what holds its weights back. */
export interface Candidate {
  readonly hidden: readonly number[];
  /** Whether the penalty is on the weights of whitened features: see {@link Metric}. */
  readonly whitened: boolean;
  readonly penalty: number;
}

/** Trains a candidate once without each fold, and keeps what it says of the fold that it did not see. */
export class CrossValidation {
  constructor(
    private readonly input: {
      readonly table: FeatureRows;
      readonly blocks: FeatureBlocks;
      readonly folds: Folds;
      readonly trainingSet: Omit<TrainingSet, 'isLearned'>;
      readonly formOf: (hidden: readonly number[]) => HeadForm;
      readonly startOf: (form: HeadForm) => Float32Array;
      readonly scoring: Scoring;
      /** Folder of what is finished: a file a candidate. */
      readonly folder: string;
    },
    private readonly turns: Turns,
  ) {}

  /** The heads of each fold, to go on from with a candidate of the same kind that is held back less. */
  #points: { readonly kind: string; readonly folds: readonly Float32Array[] } | undefined;
  /** Of each fold's learned rows; made where a candidate asks for it. */
  readonly #metrics = new Map<number, Metric>();

  /** @param number - of the candidate: what a killed predecessor finished under it is taken up */
  async leaveOut(candidate: Candidate, number: number, { onProgress, ...work }: WorkOptions): Promise<LeftOut> {
    const { table, blocks, folds, scoring, formOf, folder } = this.input;
    const form = formOf(candidate.hidden);
    const path = join(folder, `candidate-${number}.safetensors`);
    const finished = (await readKeptTensors(path))?.tensors;
    const frames = finished?.get('leftOut')?.data ?? new Float32Array(blocks.rows.length * scoring.classes.length);
    const points: Float32Array[] = [];
    for (let fold = 0; fold < folds.count; fold++) {
      const kept = finished?.get(`fold-${fold}`)?.data;
      if (kept === undefined) {
        onProgress?.({
          done: 0,
          unit: 'epochs',
          note: `choosing: ${describe(candidate)}, fold ${fold + 1} of ${folds.count}`,
        });
      }
      points.push(kept ?? (await this.#fit(candidate, form, fold, frames, work)));
    }
    if (finished === undefined) await writeTensors(path, { tensors: tensors(frames, points), metadata: {} });
    this.#points = { kind: kindOf(candidate), folds: points };
    return leftOutOf(table, blocks.rows, frames, scoring);
  }

  async #fit(
    candidate: Candidate,
    form: HeadForm,
    fold: number,
    frames: Float32Array,
    { signal }: WorkOptions,
  ): Promise<Float32Array> {
    const { table, folds, trainingSet, startOf } = this.input;
    const isLeftOut = (row: number) => folds.of[table.sequenceOf(row)] === fold;
    const own = {
      ...trainingSet,
      isLearned: (row: number) => !isLeftOut(row),
      sequences: this.#sequencesWithout(fold),
    };
    const metric = candidate.whitened ? await this.#metricOf(fold, own) : undefined;
    const loss = new PenalisedLoss(form, own, { penalty: candidate.penalty, metric }, this.turns);
    const objective = (point: Float32Array) => loss.evaluate(point);
    const before = this.#points?.kind === kindOf(candidate) ? this.#points.folds[fold]! : startOf(form);
    let state = await begin(objective, before);
    while (!isConverged(state, TOLERANCE) && state.iterations < MOST_ITERATIONS) {
      signal?.throwIfAborted();
      state = await iterate(objective, state);
    }
    await this.#answer(tensorsOf(form, state.point, metric), form, isLeftOut, frames);
    return state.point;
  }

  async #metricOf(fold: number, learned: TrainingSet): Promise<Metric> {
    const metric = this.#metrics.get(fold) ?? (await Metric.within(learned, this.turns));
    this.#metrics.set(fold, metric);
    return metric;
  }

  #sequencesWithout(fold: number): number {
    return this.input.folds.of.filter((own) => own >= 0 && own !== fold).length;
  }

  /** What a head says of the frames that it did not learn from. Disposes of its parameters. */
  async #answer(
    parameters: readonly Tensor[],
    form: HeadForm,
    isLeftOut: (row: number) => boolean,
    frames: Float32Array,
  ): Promise<void> {
    const classes = form.widths.at(-1)!;
    let position = 0;
    try {
      for await (const { rows, features } of this.input.blocks) {
        const answers = tensorflow().tidy(() => {
          const logits = logitsOf(features, parameters);
          return (form.output === 'softmax' ? logits.softmax() : logits.sigmoid()).dataSync<'float32'>();
        });
        rows.forEach((row, i) => {
          if (!isLeftOut(row)) return;
          frames.set(answers.subarray(i * classes, (i + 1) * classes), (position + i) * classes);
        });
        position += rows.length;
        await this.turns.take();
      }
    } finally {
      parameters.forEach((parameter) => parameter.dispose());
    }
  }

  dispose(): void {
    for (const metric of this.#metrics.values()) metric.dispose();
  }
}

/** Candidates whose parameters mean the same. */
function kindOf({ hidden, whitened }: Candidate): string {
  return JSON.stringify({ hidden, whitened });
}

function tensors(frames: Float32Array, points: readonly Float32Array[]): Map<string, NamedTensor> {
  return new Map([
    ['leftOut', { shape: [frames.length], data: frames }],
    ...points.map((data, fold): [string, NamedTensor] => [`fold-${fold}`, { shape: [data.length], data }]),
  ]);
}

/** A candidate in a few words. */
export function describe({ hidden, whitened, penalty }: Candidate): string {
  const layer = hidden.length === 0 ? '' : `, hidden layer of ${hidden.join(' and ')}`;
  return `penalty ${penalty}${whitened ? ', whitened' : ''}${layer}`;
}
