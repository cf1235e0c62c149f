export { readWeights } from './readWeights';
export { WeightSet } from './weightSet';
export type { Weight } from './weightSet';
