import type { TaskName } from '../contracts/tasks';
import { steps } from './steps';
import type { Task } from './task';
import { clearStepsTask } from './tasks/clearSteps';
import { discardArchiveTask } from './tasks/discardArchive';
import { planRunTask } from './tasks/planRun';
import { registerModelTask, pairChallengerTask, heldOutFramesTask, settleChallengerTask } from './tasks/registry';
import { surveySeasonsTask, lookAtSeasonsTask, planRetrainingTask } from './tasks/retraining';
import { surveySeasonTask } from './tasks/surveySeason';

/** Everything that workers do for workflows, by name: the steps, and what leaves no artifact. */
export const tasks = {
  ...steps,
  planRun: planRunTask,
  clearSteps: clearStepsTask,
  surveySeason: surveySeasonTask,
  discardArchive: discardArchiveTask,
  registerModel: registerModelTask,
  surveySeasons: surveySeasonsTask,
  lookAtSeasons: lookAtSeasonsTask,
  planRetraining: planRetrainingTask,
  pairChallenger: pairChallengerTask,
  heldOutFrames: heldOutFramesTask,
  settleChallenger: settleChallengerTask,
} satisfies { readonly [N in TaskName]: Task<N, never, unknown> };
