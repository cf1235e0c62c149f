import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isSerengetiError } from '../../lib/contracts/errors';
import { formatBytes } from '../../lib/contracts/format';
import { serengetiHome } from '../../lib/io/home';
import { backbones, locateWeights, runtimeInfo, type Backbone } from '../../lib/model';
import { readGpuUse } from '../../workers/gpuUse';
import { fail, ok, warn, type Finding } from './finding';

/** TensorFlow, GPUs, weights. */
export async function checkModels(): Promise<Finding[]> {
  return [...(await checkRuntime()), ...(await Promise.all(Object.values(backbones).map(checkWeights)))];
}

async function checkRuntime(): Promise<Finding[]> {
  try {
    const { version, device, gpus } = runtimeInfo();
    return [ok('TensorFlow', `${version} on the ${device.toUpperCase()}`), await checkGpus(device, gpus)];
  } catch (error) {
    if (!isSerengetiError(error)) throw error;
    return [fail('TensorFlow', error.message, error.repair)];
  }
}

/** The driver knows of GPUs that TensorFlow may have been set up without. */
async function checkGpus(device: 'cpu' | 'gpu', models: readonly string[]): Promise<Finding> {
  const gpus = await readGpuUse().catch(() => []);
  const memory = gpus.map(({ gpu, memoryUsedBytes, memoryBytes }) => {
    return `${gpu}: ${formatBytes(memoryUsedBytes)} of ${formatBytes(memoryBytes)} in use`;
  });
  if (device === 'gpu') return ok('GPU', [...models, ...memory].join('; ') || 'in use');
  if (gpus.length === 0) return ok('GPU', 'none: features are computed on the processors');
  return warn(
    'GPU',
    `${gpus.length} there, not used (${memory.join('; ')})`,
    'Run `SERENGETI_DEVICE=gpu npm run setup`.',
  );
}

async function checkWeights(backbone: Backbone): Promise<Finding> {
  const subject = 'weights';
  const { file, bytes, url } = backbone.source;
  if (url !== undefined && !existsSync(join(serengetiHome(), 'weights', file))) {
    return ok(subject, `${backbone.name}: fetched on first use, ${formatBytes(bytes)}`);
  }
  try {
    await locateWeights(backbone);
    return ok(subject, `${backbone.name}: there, digest right`);
  } catch (error) {
    if (!isSerengetiError(error)) throw error;
    return fail(subject, error.message, error.repair);
  }
}
