export { describeSkipped } from './listing';
export { outputFor, photographsOf } from './output';
export { predictFolder, type PredictInput, type PredictSummary, type PredictWork } from './predictFolder';
