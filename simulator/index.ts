/** A small Serengeti: draws sequences, writes seasons in LILA's layout, serves them with faults. */
export { SAMPLE_OPTIONS, type SimulationRequest } from './options';
export { simulateCatalog, type SimulatedSeason, type Simulation } from './simulateCatalog';
export { simulateMetadata, type MetadataRequest, type SimulatedMetadata } from './simulateMetadata';
export { withMirrors } from './publishing/catalogFile';
export { serveFolder, type FolderServer, type ServedRequest, type ServeOptions } from './server/serveFolder';
export type { Fault } from './server/faults';
