export { checkExposure } from './access';
export type { KnownRun, RunSource } from './runs';
export { createPageServer, createReviewServer, type PageServerOptions, type ReviewServerOptions } from './server';
