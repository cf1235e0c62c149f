import type { WorkOptions } from '../contracts/progress';
import { TASKS, type TaskName } from '../contracts/tasks';
import type { ArtifactStore } from '../store';

/** What a worker gives its tasks. */
export interface Dependencies {
  readonly store: ArtifactStore;
  /** Address of the sample catalog, where one is served. */
  readonly sampleUrl?: string | undefined;
}

/** Something that a worker does for a workflow in one go; it can be stopped and called again. */
export interface Task<N extends TaskName, I, R> {
  readonly name: N;
  run(dependencies: Dependencies, input: I, work: Required<WorkOptions>): Promise<R>;
}

/** A task with what `lib/contracts/tasks.ts` says of it. */
export function task<N extends TaskName, I, R>(definition: Task<N, I, R>): (typeof TASKS)[N] & Task<N, I, R> {
  return { ...TASKS[definition.name], ...definition };
}
