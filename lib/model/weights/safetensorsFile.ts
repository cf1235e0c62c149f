import { basename } from 'node:path';
import { isSerengetiError } from '../../contracts/errors';
import { readTensors } from '../safetensors';
import { invalidWeights, WeightSet } from './weightSet';

/**
 * Reads a safetensors file of float32 arrays.
 *
 * @param file - what messages call it.
 * @throws SerengetiError WEIGHTS_INVALID
 */
export async function readSafetensors(path: string, file = basename(path)): Promise<WeightSet> {
  try {
    return new WeightSet(file, (await readTensors(path)).tensors);
  } catch (error) {
    if (!isSerengetiError(error)) throw error;
    throw invalidWeights(file, `cannot be read: ${error.message}`, {}, error);
  }
}
