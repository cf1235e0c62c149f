import { downloadArchiveStep } from './steps/downloadArchive';
import { downloadMetadataStep } from './steps/downloadMetadata';
import { extractFeaturesStep } from './steps/extractFeatures';
import { fetchFramesStep } from './steps/fetchFrames';
import { indexSeasonStep } from './steps/indexSeason';
import { listArchivesStep } from './steps/listArchives';
import { packageSubmissionStep } from './steps/packageSubmission';
import { pickFramesStep } from './steps/pickFrames';
import { prepareBackboneStep } from './steps/prepareBackbone';
import { readCatalogStep } from './steps/readCatalog';
import { shrinkFramesStep } from './steps/shrinkFrames';
import { trainHeadStep } from './steps/trainHead';
import { unzipSeasonStep } from './steps/unzipSeason';
import { validateModelStep } from './steps/validateModel';
import { writeReportStep } from './steps/writeReport';
import type { AnyStep } from './step';

/** The steps: each finds what is there by what those before it found. */
export const steps = {
  readCatalog: readCatalogStep,
  downloadMetadata: downloadMetadataStep,
  downloadArchive: downloadArchiveStep,
  listArchives: listArchivesStep,
  unzipSeason: unzipSeasonStep,
  indexSeason: indexSeasonStep,
  pickFrames: pickFramesStep,
  prepareBackbone: prepareBackboneStep,
  fetchFrames: fetchFramesStep,
  extractFeatures: extractFeaturesStep,
  shrinkFrames: shrinkFramesStep,
  trainHead: trainHeadStep,
  validateModel: validateModelStep,
  packageSubmission: packageSubmissionStep,
  writeReport: writeReportStep,
};

/** The same, in their order, for what is done with all of them alike. */
export const stepList: readonly AnyStep[] = Object.values(steps);
