import { activityInfo } from '@temporalio/activity';
import { SerengetiError } from '../lib/contracts/errors';
import { durable } from './durable';

/** What a worker says to an activity that it does not know: a newer worker has scheduled it, and one like that can do it. */
export async function unknownActivity(): Promise<never> {
  return await durable(async () => {
    const { activityType, taskQueue } = activityInfo();
    throw new SerengetiError('WORKER_OUTDATED', `This worker of the queue ${taskQueue} does not know ${activityType}`, {
      details: { activityType, taskQueue },
    });
  });
}
