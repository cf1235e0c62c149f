import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { FineTuneOptions } from '../../contracts/runInput';
import type { State } from '../backbones';
import { Adam, type LearnerState } from '../learning/adam';
import { judge, learn } from '../learning/learn';
import type { BatchOutcome, Learner, Lesson } from '../learning/learner';
import { dropOut } from '../learning/losses';
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
    const { size, augmentation, dropout } = this.#options;
    return await this.#withMaps(augmentedImages(lesson.input, size, augmentation, random), (maps) =>
      learn(this.#adam, lesson, this.#tail.output, learningRate, () =>
        this.#tail.logitsOf(maps, this.#adam.values, (x) => dropOut(x, dropout, random)),
      ),
    );
  }

  async evaluate(lesson: Lesson<readonly Uint8Array[]>): Promise<BatchOutcome> {
    return await this.#withMaps(plainImages(lesson.input, this.#options.size), (maps) =>
      judge(lesson, this.#tail.output, () => this.#tail.logitsOf(maps, this.#adam.values)),
    );
  }

  /** The values before the last activation, [photographs, classes]. */
  async logits(photographs: readonly Uint8Array[]): Promise<Float32Array> {
    return await this.#withMaps(plainImages(photographs, this.#options.size), (maps) =>
      tensorflow().tidy(() => this.#tail.logitsOf(maps, this.#adam.values).dataSync<'float32'>()),
    );
  }

  state(): LearnerState {
    return this.#adam.state();
  }

  dispose(): void {
    this.#adam.dispose();
  }

  /** @param images - float32 of 0–255, disposed of */
  async #withMaps<T>(images: Tensor4D, use: (maps: State<Tensor>) => T): Promise<T> {
    const maps = await this.#trunk.run(images);
    try {
      return use(maps);
    } finally {
      tensorflow().dispose([...(maps as readonly Tensor[])]);
    }
  }
}
