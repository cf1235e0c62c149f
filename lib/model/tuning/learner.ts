import { setImmediate } from 'node:timers/promises';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { InputSize } from '../../contracts/preprocessing';
import type { FineTuneOptions } from '../../contracts/runInput';
import type { State } from '../backbones';
import { photographsAtOnce } from '../inference/atOnce';
import { Adam, type LearnerState } from '../learning/adam';
import { judge, learn } from '../learning/learn';
import type { BatchOutcome, Learner, LabelledBatch } from '../learning/learner';
import { dropOut } from '../learning/losses';
import type { Random } from '../random';
import { tensorflow } from '../runtime';
import { augmentedImages, plainImages } from './augment';
import type { Tail } from './tail';
import type { Trunk } from './trunk';

/** Photographs of 224×224 pixels that go through at once: so the event loop and memory bear batches of any size. */
const CHUNK = 8;

export interface TailOptions {
  readonly size: InputSize;
  readonly augmentation: FineTuneOptions['augmentation'];
  /** Share that is left out before each layer of the head in training. */
  readonly dropout: number;
}

/** The end of a backbone and its head, learning from decoded photographs. */
export class TailLearner implements Learner<readonly Uint8Array[]> {
  readonly #trunk: Trunk;
  readonly #tail: Tail;
  readonly #options: TailOptions;
  readonly #adam: Adam;

  constructor(trunk: Trunk, tail: Tail, options: TailOptions, state: LearnerState) {
    this.#trunk = trunk;
    this.#tail = tail;
    this.#options = options;
    this.#adam = new Adam(tail.shapes, state);
  }

  async update(
    batch: LabelledBatch<readonly Uint8Array[]>,
    learningRate: number,
    random: Random,
  ): Promise<BatchOutcome> {
    const { size, augmentation, dropout } = this.#options;
    const outcomes = await this.#chunkByChunk(
      batch.input,
      (photographs) => augmentedImages(photographs, size, augmentation, random),
      (maps, start, end) => {
        const logitsOf = () => this.#tail.logitsOf(maps, this.#adam.values, (x) => dropOut(x, dropout, random));
        const share = (end - start) / batch.input.length;
        return learn(this.#adam, partOf(batch, start, end), this.#tail.output, logitsOf, share);
      },
    );
    this.#adam.step(learningRate);
    return together(outcomes);
  }

  async evaluate(batch: LabelledBatch<readonly Uint8Array[]>): Promise<BatchOutcome> {
    const outcomes = await this.#chunkByChunk(
      batch.input,
      (photographs) => plainImages(photographs, this.#options.size),
      (maps, start, end) =>
        judge(partOf(batch, start, end), this.#tail.output, () => this.#tail.logitsOf(maps, this.#adam.values)),
    );
    return together(outcomes);
  }

  /** [photographs, classes]. */
  async probabilities(photographs: readonly Uint8Array[]): Promise<Float32Array> {
    const parts = await this.#chunkByChunk(
      photographs,
      (chunk) => plainImages(chunk, this.#options.size),
      (maps) =>
        tensorflow().tidy(() => {
          const logits = this.#tail.logitsOf(maps, this.#adam.values);
          const probabilities = this.#tail.output === 'softmax' ? logits.softmax() : logits.sigmoid();
          return probabilities.dataSync<'float32'>().slice();
        }),
    );
    return Float32Array.from(parts.flatMap((part) => [...part]));
  }

  state(): LearnerState {
    return this.#adam.state();
  }

  dispose(): void {
    this.#adam.dispose();
  }

  /** @param imagesOf - float32 of 0–255, disposed of */
  async #chunkByChunk<T>(
    photographs: readonly Uint8Array[],
    imagesOf: (chunk: readonly Uint8Array[]) => Tensor4D,
    use: (maps: State<Tensor>, start: number, end: number) => T,
  ): Promise<T[]> {
    const results: T[] = [];
    const chunk = photographsAtOnce(CHUNK, this.#options.size);
    for (let start = 0; start < photographs.length; start += chunk) {
      const end = Math.min(start + chunk, photographs.length);
      const maps = this.#trunk.run(imagesOf(photographs.slice(start, end)));
      try {
        await setImmediate();
        results.push(use(maps, start, end));
      } finally {
        tensorflow().dispose([...(maps as readonly Tensor[])]);
      }
      await setImmediate();
    }
    return results;
  }
}

function partOf({ targets, weights }: LabelledBatch<unknown>, start: number, end: number) {
  const classes = targets.length / weights.length;
  return { targets: targets.subarray(start * classes, end * classes), weights: weights.subarray(start, end) };
}

function together(outcomes: readonly BatchOutcome[]): BatchOutcome {
  const predicted = outcomes.flatMap((outcome) => [...outcome.predicted]);
  const sum = outcomes.reduce((total, outcome) => total + outcome.loss * outcome.predicted.length, 0);
  return { loss: sum / predicted.length, predicted: Int32Array.from(predicted) };
}
