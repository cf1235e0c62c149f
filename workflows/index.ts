export { featurizeSeason } from './featurizeSeason';
export { ingestSeason } from './ingestSeason';
export { trainPipeline } from './trainPipeline';
