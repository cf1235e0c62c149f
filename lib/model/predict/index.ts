export { describeSkipped } from './listing';
export { outputFor } from './output';
export { predictFolder, type PredictInput, type PredictSummary, type PredictWork } from './predictFolder';
