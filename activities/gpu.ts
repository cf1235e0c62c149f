import type { Dependencies } from './dependencies';
import { createExtractFeatures } from './extractFeatures';
import { createPrepareBackbone } from './prepareBackbone';
import { createTrainHead } from './trainHead';
import { createValidateModel } from './validateModel';

/** Activities of the gpu workers: everything that uses TensorFlow. */
export function createGpuActivities(dependencies: Dependencies) {
  return {
    prepareBackbone: createPrepareBackbone(dependencies),
    extractFeatures: createExtractFeatures(dependencies),
    trainHead: createTrainHead(dependencies),
    validateModel: createValidateModel(dependencies),
  };
}

export type GpuActivities = ReturnType<typeof createGpuActivities>;
