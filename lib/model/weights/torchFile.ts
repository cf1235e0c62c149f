import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder, pathExists } from '../../io/files';
import { serengetiHome } from '../../io/home';
import { readSafetensors } from './safetensorsFile';
import { invalidWeights, type WeightSet } from './weightSet';

const PROGRAM = join(__dirname, 'torch_to_safetensors.py');

/**
 * Reads a PyTorch checkpoint of either format. Python converts it the first time, with a program that runs no code of
 * the file; the result is kept with the other weights, by the checkpoint's digest.
 *
 * @throws SerengetiError WEIGHTS_INVALID where the checkpoint is damaged or names what it may not, or without Python.
 */
export async function readTorchFile(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<WeightSet> {
  const folder = join(serengetiHome(), 'weights');
  const digest = createHash('sha256').update(bytes).digest('hex');
  const converted = join(folder, `${digest}.safetensors`);
  if (!(await pathExists(converted))) {
    await makeFolder(folder);
    await convert(path, converted, signal);
  }
  return await readSafetensors(converted, basename(path));
}

async function convert(path: string, target: string, signal: AbortSignal | undefined): Promise<void> {
  const python = process.env.PYTHON || 'python3';
  try {
    await promisify(execFile)(python, [PROGRAM, path, target], { signal });
  } catch (error) {
    signal?.throwIfAborted();
    const { code, stderr } = error as { code?: string | number; stderr?: string };
    const problem = stderr?.trim().split('\n').at(-1);
    throw invalidWeights(
      basename(path),
      code === 'ENOENT' ? withoutPython(python) : problem || String(error),
      {},
      error,
    );
  }
}

function withoutPython(python: string): string {
  return (
    `is a PyTorch checkpoint, which Python converts, and there is no ${python} here. Where there is one, run ` +
    `\`python3 ${PROGRAM} CHECKPOINT RESULT.safetensors\`, and name the result in \`model.weights\``
  );
}
