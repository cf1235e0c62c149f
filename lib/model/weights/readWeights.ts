import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isSerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { readKerasFile } from './kerasFile';
import { readLegacyTorch, readZippedTorch } from './torchCheckpoint';
import { invalidWeights } from './weightSet';
import type { WeightSet } from './weightSet';

/** A file is known by its first bytes, whatever it is called. */
const FORMATS: readonly {
  first: readonly number[];
  read: (file: string, bytes: Uint8Array) => Awaitable<WeightSet>;
}[] = [
  { first: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], read: readKerasFile },
  { first: [0x50, 0x4b, 0x03, 0x04], read: readZippedTorch },
  { first: [0x80, 0x02], read: readLegacyTorch },
];

/** Ten times the largest backbone's; what is above is not read into memory. */
const MOST_BYTES = 1 << 30;

type Awaitable<T> = T | Promise<T>;

/**
 * Reads the tensors of a weights file: Keras `.h5`, or a PyTorch checkpoint of either format.
 *
 * @throws SerengetiError WEIGHTS_INVALID when the file is of no known format, damaged, or tries to run code.
 */
export async function readWeights(path: string, work: WorkOptions = {}): Promise<WeightSet> {
  const bytes = await readWhole(path, work.signal);
  const file = basename(path);
  const format = FORMATS.find(({ first }) => first.every((byte, index) => bytes[index] === byte));
  if (format === undefined) {
    const start = Buffer.from(bytes.subarray(0, 8)).toString('hex');
    throw invalidWeights(file, `is neither HDF5 nor a PyTorch checkpoint: it begins with the bytes "${start}"`);
  }
  return format.read(file, bytes);
}

async function readWhole(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw invalidWeights(path, `has ${size} bytes, more than the ${MOST_BYTES} that are read`);
    return await readFile(path, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (isSerengetiError(error)) throw error;
    throw invalidWeights(path, `cannot be read: ${(error as Error).message}`, {}, error);
  }
}
