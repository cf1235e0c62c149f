import type { TaskName } from '../contracts/tasks';
import { clearStepsTask } from './steps/clearSteps';
import { discardArchiveTask } from './steps/discardArchive';
import { downloadMetadataStep, downloadArchiveStep } from './steps/download';
import { extractFeaturesStep } from './steps/extractFeatures';
import { fetchFramesStep } from './steps/fetchFrames';
import { indexSeasonStep } from './steps/indexSeason';
import { listArchivesStep } from './steps/listArchives';
import { packageSubmissionStep } from './steps/packageSubmission';
import { pickFramesStep } from './steps/pickFrames';
import { planRunTask } from './steps/planRun';
import { prepareBackboneStep } from './steps/prepareBackbone';
import { readCatalogTask } from './steps/readCatalog';
import { registerModelTask, pairChallengerTask, heldOutFramesTask, settleChallengerTask } from './steps/registry';
import { surveySeasonsTask, lookAtSeasonsTask, planRetrainingTask } from './steps/retraining';
import { shrinkFramesStep } from './steps/shrinkFrames';
import { surveySeasonTask } from './steps/surveySeason';
import { trainHeadStep } from './steps/trainHead';
import { unzipSeasonStep } from './steps/unzipSeason';
import { validateModelStep } from './steps/validateModel';
import { writeReportStep } from './steps/writeReport';
import type { Task } from './task';

/** Everything that workers do for workflows, by name. */
export const tasks = {
  readCatalog: readCatalogTask,
  planRun: planRunTask,
  clearSteps: clearStepsTask,
  surveySeason: surveySeasonTask,
  downloadMetadata: downloadMetadataStep,
  downloadArchive: downloadArchiveStep,
  listArchives: listArchivesStep,
  fetchFrames: fetchFramesStep,
  unzipSeason: unzipSeasonStep,
  discardArchive: discardArchiveTask,
  indexSeason: indexSeasonStep,
  pickFrames: pickFramesStep,
  prepareBackbone: prepareBackboneStep,
  extractFeatures: extractFeaturesStep,
  shrinkFrames: shrinkFramesStep,
  trainHead: trainHeadStep,
  validateModel: validateModelStep,
  packageSubmission: packageSubmissionStep,
  writeReport: writeReportStep,
  registerModel: registerModelTask,
  surveySeasons: surveySeasonsTask,
  lookAtSeasons: lookAtSeasonsTask,
  planRetraining: planRetrainingTask,
  pairChallenger: pairChallengerTask,
  heldOutFrames: heldOutFramesTask,
  settleChallenger: settleChallengerTask,
} satisfies { readonly [N in TaskName]: Task<N, never, unknown> };
