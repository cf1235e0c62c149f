export { writeCamtrapDp, type CamtrapDpInput, type CamtrapDpSummary } from './camtrapDp';
export type { CameraEvent, EventLabel, EventPhotograph, EventSource } from './events';
export { writeEventTables, type EventTables } from './eventTables';
export { readLocations, readTaxa, type Location, type Locations } from './locations';
export { readPredictions } from './predictions';
export { readIndexes } from './seasonEvents';
export { sortFolder, type SortInput, type SortSummary } from './sortFolder';
