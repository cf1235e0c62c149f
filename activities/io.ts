import { createReadCatalog } from './catalog';
import type { Dependencies } from './dependencies';
import { createDownloadArchive, createDownloadMetadata } from './download';
import { createIndexSeason } from './indexSeason';
import { createPackageSubmission } from './packageSubmission';
import { createPickFrames } from './pickFrames';
import { createHeldOutFrames, createPairChallenger, createRegisterModel, createSettleChallenger } from './registry';
import { createLookAtSeasons, createPlanRetraining, createSurveySeasons } from './retraining';
import { createUnzipSeason } from './unzip';
import { createWriteReport } from './writeReport';

/** Activities of the io workers: bytes, tables, pages. */
export function createIoActivities(dependencies: Dependencies) {
  return {
    readCatalog: createReadCatalog(dependencies),
    downloadMetadata: createDownloadMetadata(dependencies),
    downloadArchive: createDownloadArchive(dependencies),
    unzipSeason: createUnzipSeason(dependencies),
    indexSeason: createIndexSeason(dependencies),
    pickFrames: createPickFrames(dependencies),
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
