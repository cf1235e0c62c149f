import type { TaskName } from '../lib/contracts/tasks';
import type { Dependencies, Task } from '../lib/pipeline/task';
import { tasks } from '../lib/pipeline/tasks';
import { durable } from './durable';
import { unknownActivity } from './unknownActivity';

/** What workflows call: each task in its durable shell. */
export type Activities = {
  readonly [N in TaskName]: (typeof tasks)[N] extends Task<N, infer I, infer R> ? (input: I) => Promise<R> : never;
};

type Activity = (input: never) => Promise<unknown>;

/** The activities that wait for a worker in a queue; `default` is called for those that it does not know. */
export function createActivities(dependencies: Dependencies, queue: string): Record<string, Activity> {
  const own: readonly Task<TaskName, never, unknown>[] = Object.values(tasks).filter((task) => task.queue === queue);
  const activities = own.map((task): [string, Activity] => [
    task.name,
    (input) => durable((work) => task.run(dependencies, input, work)),
  ]);
  return Object.fromEntries([...activities, ['default', unknownActivity]]);
}
