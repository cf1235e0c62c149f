import type { Tensor, Tensor1D } from '@tensorflow/tfjs-node-gpu';
import type { FineTuneOptions } from '../../contracts/runInput';
import type { State } from '../backbones';
import { Adam, type LearnerState } from '../learning/adam';
import type { BatchOutcome, Learner, Lesson } from '../learning/learner';
import { dropOut, lossOf } from '../learning/losses';
import type { Random } from '../random';
import { tensorflow } from '../runtime';
import { augmentedImages, plainImages } from './augment';
import type { Tail } from './tail';
import type { Trunk } from './trunk';

export interface TailOptions {
  readonly size: { readonly width: number; readonly height: number };
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

  async update(lesson: Lesson<readonly Uint8Array[]>, learningRate: number, random: Random): Promise<BatchOutcome> {
    const tf = tensorflow();
    const { size, augmentation, dropout } = this.#options;
    const maps = await this.#trunk.run(augmentedImages(lesson.input, size, augmentation, random));
    let predicted: Tensor1D | undefined;
    const loss = this.#adam.update(() => {
      const logits = this.#tail.logitsOf(maps, this.#adam.values, (x) => dropOut(x, dropout, random));
      predicted = tf.keep(logits.argMax<Tensor1D>(1));
      return lossOf(logits, lesson, this.#tail.output);
    }, learningRate);
    const outcome = { loss, predicted: predicted!.dataSync<'int32'>() };
    tf.dispose([predicted!, ...(maps as readonly Tensor[])]);
    return outcome;
  }

  async evaluate(lesson: Lesson<readonly Uint8Array[]>): Promise<BatchOutcome> {
    return await this.#withMaps(lesson.input, (maps) =>
      tensorflow().tidy(() => {
        const logits = this.#tail.logitsOf(maps, this.#adam.values);
        const loss = lossOf(logits, lesson, this.#tail.output).dataSync()[0]!;
        return { loss, predicted: logits.argMax<Tensor1D>(1).dataSync<'int32'>() };
      }),
    );
  }

  /** The values before the last activation, [photographs, classes]. */
  async logits(photographs: readonly Uint8Array[]): Promise<Float32Array> {
    return await this.#withMaps(photographs, (maps) =>
      tensorflow().tidy(() => this.#tail.logitsOf(maps, this.#adam.values).dataSync<'float32'>()),
    );
  }

  state(): LearnerState {
    return this.#adam.state();
  }

  dispose(): void {
    this.#adam.dispose();
  }

  async #withMaps<T>(photographs: readonly Uint8Array[], use: (maps: State<Tensor>) => T): Promise<T> {
    const maps = await this.#trunk.run(plainImages(photographs, this.#options.size));
    try {
      return use(maps);
    } finally {
      tensorflow().dispose([...(maps as readonly Tensor[])]);
    }
  }
}
