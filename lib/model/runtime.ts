import { readFileSync, readdirSync } from 'node:fs';
import util = require('node:util');

import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { SerengetiError } from '../contracts/errors';
import { noteVersion } from '../store/versions';
import { deviceWarning, type Device } from './device';

/** TensorFlow as tfjs-node offers it: tensors, operations, layers, and SavedModels under `node`. */
export type TensorFlow = typeof import('@tensorflow/tfjs-node-gpu');

export interface RuntimeInfo {
  /** Of the TensorFlow library, as in `2.21.0`; not of the npm package. */
  readonly version: string;
  readonly device: Device;
  /** Models of the NVIDIA GPUs in the machine; empty when `device` is `cpu`. TensorFlow uses one of them. */
  readonly gpus: readonly string[];
  /** What to say when a GPU was asked for, or is there, and is not used. */
  readonly warning?: string;
}

const NVIDIA_GPUS = '/proc/driver/nvidia/gpus';

let loaded: TensorFlow | undefined;

/**
 * The one way to TensorFlow; the library is loaded by the first call, which takes about a second.
 *
 * Operations run on the calling thread and block the event loop. Tensors are not garbage-collected: use `tidy`, or
 * `dispose` each one.
 *
 * @throws SerengetiError `MODEL_RUNTIME_MISSING` when set-up has not prepared the library
 */
export function tensorflow(): TensorFlow {
  loaded ??= load();
  return loaded;
}

/** What the models run on. @throws SerengetiError `MODEL_RUNTIME_MISSING` */
export function runtimeInfo(): RuntimeInfo {
  const runtime = describe(tensorflow());
  const present = gpuModels();
  const { SERENGETI_DEVICE: device, CUDA_VISIBLE_DEVICES: visible } = process.env;
  const warning = deviceWarning(runtime.device, { device, visible, gpus: present });
  return { ...runtime, gpus: runtime.device === 'gpu' ? present : [], ...(warning !== undefined && { warning }) };
}

/** What TensorFlow computes on. */
export function deviceInUse(): Device {
  return describe(tensorflow()).device;
}

function describe(tf: TensorFlow): Pick<RuntimeInfo, 'version' | 'device'> {
  const { binding } = tf.backend() as unknown as NodeBackend;
  return { version: binding.TF_Version, device: binding.isUsingGpuDevice() ? 'gpu' : 'cpu' };
}

/** What tfjs-node's backend has besides the interface of all tfjs backends. */
interface NodeBackend {
  readonly binding: {
    readonly TF_Version: string;
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_FLOAT: number;
    isUsingGpuDevice(): boolean;
  };
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly Tensor[]): Tensor;
}

/**
 * An operation of TensorFlow that TensorFlow.js has no function for, on float32 tensors.
 *
 * @param name - as TensorFlow's registry has it: `Cholesky`
 * @param flags - its attributes besides the type
 */
export function runOperation<T extends Tensor>(
  name: string,
  inputs: readonly Tensor[],
  flags: Readonly<Record<string, boolean>> = {},
): T {
  const backend = tensorflow().backend() as unknown as NodeBackend;
  const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    ...Object.entries(flags).map(([flag, value]) => ({ name: flag, type: TF_ATTR_BOOL, value })),
  ];
  return backend.executeSingleOutput(name, attributes, inputs) as T;
}

function load(): TensorFlow {
  // TensorFlow reports its whole start-up; errors are enough unless somebody asks for more.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // Without it the first process takes a GPU's whole memory, and nobody sees how much it needs.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  // tfjs-node calls this function, which Node 22 warns of and Node 23 removed.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- on first use: the library takes 300 MB of memory
    const tf = require('@tensorflow/tfjs-node-gpu') as TensorFlow;
    tf.enableProdMode(); // no checks of every result for NaN, no notices
    const { version, device } = describe(tf);
    noteVersion('TensorFlow', `${version} (${device})`);
    return tf;
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]?.trim();
    throw new SerengetiError('MODEL_RUNTIME_MISSING', `TensorFlow cannot be loaded; run \`npm run setup\`: ${reason}`, {
      cause,
    });
  }
}

function gpuModels(): string[] {
  try {
    return readdirSync(NVIDIA_GPUS).map((address) => {
      const information = readFileSync(`${NVIDIA_GPUS}/${address}/information`, 'utf8');
      return /^Model:\s*(.+)$/m.exec(information)?.[1] ?? address;
    });
  } catch {
    return []; // the driver does not list them in every container
  }
}
