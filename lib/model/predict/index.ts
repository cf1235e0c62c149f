export { predictFolder, type PredictInput, type PredictSummary, type PredictWork } from './predictFolder';
