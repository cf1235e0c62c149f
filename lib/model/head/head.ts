import { SerengetiError } from '../../contracts/errors';
import type { TrainingOptions } from '../../contracts/runInput';
import { readTensors, writeTensors, type NamedTensor } from '../safetensors';
import { Random } from '../random';

/** A dense layer: values × kernel + bias. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs, outputs] in row order. */
  readonly kernel: Float32Array;
  /** [outputs]. */
  readonly bias: Float32Array;
}

/** What turns features into probabilities: dense layers, ReLU after each but the last, `output` after the last. */
export interface Head {
  readonly layers: readonly DenseLayer[];
  readonly output: TrainingOptions['output'];
}

/** Purpose of a random generator: see {@link Random}. */
const INITIALISATION = 1;

/**
 * A head to begin training with: kernels uniform within ±√(6 / (inputs + outputs)), biases 0, as Keras does.
 * Source: Glorot and Bengio 2010, equation 16.
 *
 * @param widths - of the features, of each hidden layer, and the number of classes
 */
export function initialHead(widths: readonly number[], output: Head['output'], seed: number): Head {
  const layers = widths.slice(1).map((outputs, position): DenseLayer => {
    const inputs = widths[position]!;
    const random = new Random(seed, INITIALISATION, position);
    const limit = Math.sqrt(6 / (inputs + outputs));
    const kernel = Float32Array.from({ length: inputs * outputs }, () => (2 * random.uniform() - 1) * limit);
    return { inputs, outputs, kernel, bias: new Float32Array(outputs) };
  });
  return { layers, output };
}

/** Names of layers in files and graphs: those of the tutorial's Keras model, numbered where there are several. */
export function layerNames(layers: number): string[] {
  return Array.from({ length: layers }, (_, position) =>
    position === layers - 1 ? 'classifier' : `dense_${position + 1}`,
  );
}

/** A head as named arrays: `<layer>/kernel` and `<layer>/bias`. */
function headTensors(head: Head): Map<string, NamedTensor> {
  const names = layerNames(head.layers.length);
  return new Map(
    head.layers.flatMap(({ inputs, outputs, kernel, bias }, position): [string, NamedTensor][] => [
      [`${names[position]}/kernel`, { shape: [inputs, outputs], data: kernel }],
      [`${names[position]}/bias`, { shape: [outputs], data: bias }],
    ]),
  );
}

export async function writeHead(
  path: string,
  head: Head,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeTensors(path, { tensors: headTensors(head), metadata: { ...metadata, output: head.output } });
}

/** @throws SerengetiError ARTIFACT_CORRUPT if the file is damaged, MODEL_INVALID if its layers do not fit together */
export async function readHead(path: string): Promise<{ head: Head; metadata: Readonly<Record<string, string>> }> {
  const { tensors, metadata } = await readTensors(path);
  const names = layerNames(tensors.size / 2);
  const layers = names.map((name): DenseLayer => {
    const kernel = tensors.get(`${name}/kernel`);
    const bias = tensors.get(`${name}/bias`);
    const [inputs, outputs] = kernel?.shape ?? [];
    if (kernel === undefined || bias === undefined || inputs === undefined || outputs === undefined) {
      throw invalid(path, `the layer "${name}" is not whole`);
    }
    if (bias.data.length !== outputs)
      throw invalid(path, `"${name}" has ${outputs} outputs, ${bias.data.length} biases`);
    return { inputs, outputs, kernel: kernel.data, bias: bias.data };
  });
  layers.slice(1).forEach((layer, position) => {
    const { outputs } = layers[position]!;
    if (layer.inputs !== outputs) throw invalid(path, `${outputs} outputs go into ${layer.inputs} inputs`);
  });
  if (metadata.output !== 'softmax' && metadata.output !== 'sigmoid') throw invalid(path, 'its output is not named');
  return { head: { layers, output: metadata.output }, metadata };
}

function invalid(path: string, problem: string): SerengetiError {
  return new SerengetiError('MODEL_INVALID', `${path} is no head: ${problem}`, { details: { path } });
}
