export { backbones, locateWeights, writeFeatureModel } from './backbones';
export {
  extractFeatures,
  type ExtractedFeatures,
  type FeaturesInput,
  type FeaturesTiming,
  type FeaturesWork,
} from './features/extract';
export type { ReadFrame } from './features/decodeAhead';
export type { FeatureFolder } from './features/table';
export { trainHead, type TrainedHead, type TrainInput, type TrainWork } from './head/train';
export { readHead, writeHead, type DenseLayer, type Head } from './head/head';
export { runtimeInfo } from './runtime';
