import { createReadCatalog } from './catalog';
import { createClearSteps } from './clearSteps';
import type { Dependencies } from './dependencies';
import { createDiscardArchive } from './discardArchive';
import { createDownloadArchive, createDownloadMetadata } from './download';
import { createFetchFrames } from './fetchFrames';
import { createIndexSeason } from './indexSeason';
import { createListArchives } from './listArchives';
import { createPackageSubmission } from './packageSubmission';
import { createPickFrames } from './pickFrames';
import { createPlanRun } from './planRun';
import { createHeldOutFrames, createPairChallenger, createRegisterModel, createSettleChallenger } from './registry';
import { createLookAtSeasons, createPlanRetraining, createSurveySeasons } from './retraining';
import { createShrinkFrames } from './shrinkFrames';
import { createSurveySeason } from './surveySeason';
import { createUnzipSeason } from './unzip';
import { createWriteReport } from './writeReport';

/** Activities of the io workers: bytes, tables, pages. */
export function createIoActivities(dependencies: Dependencies) {
  return {
    readCatalog: createReadCatalog(dependencies),
    planRun: createPlanRun(dependencies),
    clearSteps: createClearSteps(dependencies),
    surveySeason: createSurveySeason(dependencies),
    downloadMetadata: createDownloadMetadata(dependencies),
    downloadArchive: createDownloadArchive(dependencies),
    unzipSeason: createUnzipSeason(dependencies),
    discardArchive: createDiscardArchive(dependencies),
    listArchives: createListArchives(dependencies),
    indexSeason: createIndexSeason(dependencies),
    pickFrames: createPickFrames(dependencies),
    fetchFrames: createFetchFrames(dependencies),
    shrinkFrames: createShrinkFrames(dependencies),
    packageSubmission: createPackageSubmission(dependencies),
    writeReport: createWriteReport(dependencies),
    registerModel: createRegisterModel(dependencies),
    surveySeasons: createSurveySeasons(dependencies),
    lookAtSeasons: createLookAtSeasons(dependencies),
    planRetraining: createPlanRetraining(dependencies),
    pairChallenger: createPairChallenger(dependencies),
    heldOutFrames: createHeldOutFrames(dependencies),
    settleChallenger: createSettleChallenger(dependencies),
  };
}

export type IoActivities = ReturnType<typeof createIoActivities>;
