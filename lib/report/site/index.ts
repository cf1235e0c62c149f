export { historyPage } from './history';
export { filePath } from './links';
export { modelPage, modelsPage } from './models';
export { RESULT_KINDS, resultsPage } from './results';
export { runsPage, type RunLine } from './runs';
export { seasonsPage } from './seasons';
export { sitePage, sliceOf } from './site';
