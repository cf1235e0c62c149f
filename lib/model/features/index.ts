export { decodeFrame, type DecodedFrame } from './decode';
export {
  extractFeatures,
  type ExtractedFeatures,
  type FeaturesInput,
  type FeaturesTiming,
  type FeaturesWork,
} from './extract';
export { extractSeasons, type ReadPhotograph, type SeasonsInput } from './extractSeasons';
export { FeatureTable, type FeatureFolder, type TableInput, type TableSequence } from './table';
