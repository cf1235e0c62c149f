export { checkExposure } from './access';
export type { KnownRun, RunSource } from './runs';
export { createPageServer, type PageServerOptions } from './server';
