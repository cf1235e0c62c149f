export { writeCamtrapDp, type CamtrapDpInput, type CamtrapDpSummary } from './camtrapDp';
export {
  clockText,
  named,
  spanOf,
  type CameraEvent,
  type EventLabel,
  type EventPhotograph,
  type EventSource,
} from './events';
export { writeLabels } from './labels';
export { writeMegaDetector } from './megaDetector';
export { writeEventTables, type EventTables } from './eventTables';
export { readLocations, readTaxa, type Location, type Locations } from './locations';
export { mostProbable, readPredictions, type PredictedEvents } from './predictions';
export { readIndexes } from './seasonEvents';
export { sortFolder, type SortInput, type SortSummary } from './sortFolder';
