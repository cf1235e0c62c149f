import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { InputSize } from '../../../../lib/contracts/preprocessing';
import { tensorflow } from '../../../../lib/model/runtime';

/** What networks are published for. */
export const SQUARE = { width: 224, height: 224 };

/** Runs a SavedModel on photographs: one row of outputs each. */
export async function runModel(
  directory: string,
  output: string,
  images: readonly Uint8Array[],
  { width, height }: InputSize = SQUARE,
): Promise<Float32Array[]> {
  const tf = tensorflow();
  const model = await tf.node.loadSavedModel(directory);
  try {
    return tf.tidy(() => {
      const pixels = tf.tensor4d(Int32Array.from(Buffer.concat(images)), [images.length, height, width, 3], 'int32');
      const values = (model.predict({ images: pixels }) as Record<string, Tensor>)[output]!;
      return tf.unstack(values).map((row) => row.dataSync<'float32'>());
    });
  } finally {
    model.dispose();
  }
}

/** Largest difference between two vectors, as a share of the larger one's largest value. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0;
  let difference = 0;
  for (let index = 0; index < expected.length; index++) {
    largest = Math.max(largest, Math.abs(expected[index]!));
    difference = Math.max(difference, Math.abs(actual[index]! - expected[index]!));
  }
  return actual.length === expected.length ? difference / largest : Infinity;
}
