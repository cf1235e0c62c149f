import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { InputSize } from '../../contracts/preprocessing';
import { IMAGES_INPUT, TRUNK_OUTPUTS, writeTrunkModel, type Backbone, type State } from '../backbones';
import { SERVING_SIGNATURE, SERVING_TAG, type Parameters } from '../graph';
import { tensorflow, type TensorFlow } from '../runtime';

type SavedModel = Awaited<ReturnType<TensorFlow['node']['loadSavedModel']>>;

/**
 * The stages of a backbone that stay as they are: photographs to the feature maps before the cut. It runs as a frozen
 * graph, several times as fast as layer by layer. Holds TensorFlow's memory until `dispose`.
 */
export class Trunk {
  readonly #model: SavedModel;

  private constructor(model: SavedModel) {
    this.#model = model;
  }

  /**
   * @param form - `cut`: number of the first stage that is not part of it
   * @param directory - for its SavedModel
   */
  static async create(
    backbone: Backbone,
    parameters: Parameters,
    form: { readonly cut: number; readonly input: InputSize },
    directory: string,
  ): Promise<Trunk> {
    await writeTrunkModel(backbone, parameters, form, directory);
    return new Trunk(await tensorflow().node.loadSavedModel(directory, [SERVING_TAG], SERVING_SIGNATURE));
  }

  /** @param images - float32 of 0–255, disposed of. @returns tensors that are the caller's to dispose of */
  run(images: Tensor4D): State<Tensor> {
    try {
      const outputs = this.#model.predict({ [IMAGES_INPUT]: images }) as Record<string, Tensor>;
      return TRUNK_OUTPUTS.map((name) => outputs[name]).filter(
        (maps) => maps !== undefined,
      ) as unknown as State<Tensor>;
    } finally {
      images.dispose();
    }
  }

  dispose(): void {
    this.#model.dispose();
  }
}
