export { featurizeSeason } from './featurizeSeason';
export { ingestSeason } from './ingestSeason';
export { retrainOnNewSeasons } from './retrainOnNewSeasons';
export { trainPipeline } from './trainPipeline';
