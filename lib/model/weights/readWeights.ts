import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isSerengetiError } from '../../contracts/errors';
import type { WorkOptions } from '../../contracts/progress';
import { readKerasFile } from './kerasFile';
import { readSafetensors } from './safetensorsFile';
import { readTorchFile } from './torchFile';
import { invalidWeights } from './weightSet';
import type { WeightSet } from './weightSet';

interface Format {
  /** The bytes that a file of the format has, and where: it is known by them, whatever it is called. */
  readonly bytes: readonly number[];
  readonly at: number;
  readonly read: (path: string, bytes: Uint8Array, signal?: AbortSignal) => Promise<WeightSet>;
}

const FORMATS: readonly Format[] = [
  {
    bytes: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
    at: 0,
    read: (path, bytes) => readKerasFile(basename(path), bytes),
  },
  { bytes: [0x50, 0x4b, 0x03, 0x04], at: 0, read: readTorchFile },
  { bytes: [0x80, 0x02], at: 0, read: readTorchFile },
  // The brace of the header, behind its length.
  { bytes: [0x7b, 0x22], at: 8, read: (path) => readSafetensors(path) },
];

/** Ten times the largest backbone's; what is above is not read into memory. */
const MOST_BYTES = 1 << 30;

/**
 * Reads the tensors of a weights file: Keras `.h5`, safetensors, or a PyTorch checkpoint of either format.
 *
 * @throws SerengetiError WEIGHTS_INVALID when the file is of no known format, damaged, or tries to run code.
 */
export async function readWeights(path: string, { signal }: WorkOptions = {}): Promise<WeightSet> {
  const bytes = await readWhole(path, signal);
  const format = FORMATS.find(({ bytes: known, at }) => known.every((byte, index) => bytes[at + index] === byte));
  if (format === undefined) {
    const start = Buffer.from(bytes.subarray(0, 8)).toString('hex');
    throw invalidWeights(
      basename(path),
      `is neither HDF5, nor safetensors, nor a PyTorch checkpoint: it begins with the bytes "${start}"`,
    );
  }
  return await format.read(path, bytes, signal);
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
