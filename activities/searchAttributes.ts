import { activityInfo, getClient, log } from '@temporalio/activity';
import type { SearchAttributeName } from '../lib/contracts/searchAttributes';
import { isRefused, registeredSearchAttributes } from '../runs/searchAttributes';

/** Which of the pipeline's search attributes the namespace has: setting one that it lacks would stop the workflow. */
export async function searchAttributes(): Promise<SearchAttributeName[]> {
  try {
    return await registeredSearchAttributes(getClient().connection, activityInfo().workflowNamespace!);
  } catch (error) {
    if (!isRefused(error)) throw error;
    log.warn('The namespace does not tell its search attributes: lists cannot be filtered by them', { error });
    return [];
  }
}
