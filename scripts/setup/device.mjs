import { existsSync } from 'node:fs';

import { SetupFailure } from './failure.mjs';

/** Where the driver shows itself: a device file, also inside containers, and on Windows' Linux its library. */
const NVIDIA = ['/dev/nvidiactl', '/usr/lib/wsl/lib/libcuda.so.1'];

/**
 * Which TensorFlow this machine gets: $SERENGETI_DEVICE, or the GPU's if the machine has one that TensorFlow can use.
 *
 * @returns {'cpu' | 'gpu'}
 */
export function chooseDevice(env = process.env, platform = `${process.platform}-${process.arch}`, exists = existsSync) {
  const asked = env.SERENGETI_DEVICE;
  if (asked === 'cpu' || asked === 'gpu') return asked;
  if (asked) throw new SetupFailure(`SERENGETI_DEVICE is ${asked}: expected cpu or gpu`);
  return platform === 'linux-x64' && NVIDIA.some((path) => exists(path)) ? 'gpu' : 'cpu';
}
