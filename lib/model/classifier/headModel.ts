import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { SerengetiError } from '../../contracts/errors';
import type { ModelCard } from '../../contracts/model';
import { SERVING_TAG } from '../graph';
import { expectFinite } from '../inference';
import { tensorflow, type TensorFlow } from '../runtime';

type SavedModel = Awaited<ReturnType<TensorFlow['node']['loadSavedModel']>>;

/** The head of a SavedModel by itself: features to probabilities. Holds TensorFlow's memory until `dispose`. */
export class HeadModel {
  readonly #model: SavedModel;
  readonly #signature: ModelCard['signature'];

  private constructor(model: SavedModel, signature: ModelCard['signature']) {
    this.#model = model;
    this.#signature = signature;
  }

  /** @throws SerengetiError MODEL_INVALID where the SavedModel has no such signature, or one of other sizes */
  static async load(directory: string, card: ModelCard, signature: ModelCard['signature']): Promise<HeadModel> {
    try {
      const model = await tensorflow().node.loadSavedModel(directory, [SERVING_TAG], signature.name);
      const head = new HeadModel(model, signature);
      const row = head.run(new Float32Array(card.featureWidth));
      expectFinite(row, ['features of zeros']);
      const { length } = row;
      if (length !== card.classes.length) {
        throw new Error(`it gives ${length} probabilities for ${card.classes.length} classes`);
      }
      return head;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `${directory} cannot be used by its signature "${signature.name}": ${reason}`;
      throw new SerengetiError('MODEL_INVALID', message, { cause, details: { directory } });
    }
  }

  /** One value a class, for one vector of features. */
  run(features: Float32Array): Float32Array {
    const tf = tensorflow();
    const { input, output } = this.#signature;
    return tf.tidy(() => {
      const outputs = this.#model.predict({ [input]: tf.tensor2d(features, [1, features.length]) });
      return (outputs as Record<string, Tensor>)[output]!.dataSync<'float32'>();
    });
  }

  dispose(): void {
    this.#model.dispose();
  }
}
