import { counted } from '../lib/contracts/format';
import { checkExposure, createReviewServer } from '../server';
import { withReviewed, type ReviewedOptions } from './reviewed';
import { listenUntilStopped, type ServeOptions } from './serve';

/** `serengeti review`: the page on which people review what a model said, until this process is told to end. */
export async function reviewPredictions(
  predictions: string | undefined,
  { port, host, token = process.env.SERENGETI_PAGES_TOKEN || undefined, ...options }: ServeOptions & ReviewedOptions,
): Promise<void> {
  checkExposure(host, token);
  await withReviewed(predictions, options, async (reviewed) => {
    const sequences = counted(reviewed.review.listing.sequences.length, 'sequence');
    const server = createReviewServer({ ...reviewed, token });
    await listenUntilStopped(server, { port, host }, `${reviewed.title}: ${sequences}`);
  });
}
