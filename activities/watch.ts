import { awaitWorkflow, parentOf } from './awaitWorkflow';
import { searchAttributes } from './searchAttributes';
import { unknownActivity } from './unknownActivity';
import { watchRun } from './watchRun';

/** Activities that wait and look. They run beside the work, not in its places. */
export function createWatchActivities() {
  return { awaitWorkflow, parentOf, searchAttributes, watchRun, default: unknownActivity };
}

export type WatchActivities = ReturnType<typeof createWatchActivities>;
