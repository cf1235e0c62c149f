export { exploreIndex, type ExploreInput, type SeasonIndex } from './exploration';
export { readIds, writeIds, type FeatureId } from './featureIds';
export { sampleGallery, type GalleryOptions } from './gallery';
export { indexSeason, indexSeasons, type IndexSeasonInput, type IndexSeasonsInput } from './indexSeason';
export { readParquet, writeParquet, type ParquetColumn } from './parquet';
export { emptiesToKeep } from './pick/empties';
export { pickFrames, type PickFramesInput } from './pick/pickFrames';
export { FRAMES_PER_SHARD } from './pick/shards';
export { readPickCounts, readPickedFrames, type PickFilter } from './readers';
