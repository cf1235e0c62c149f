import { basename, resolve } from 'node:path';
import { counted } from '../lib/contracts/format';
import { openFolderReview } from '../lib/review';
import { checkExposure, createReviewServer } from '../server';
import { listenUntilStopped, type ServeOptions } from './serve';

/** `serengeti review`: the page on which people review what `predict` wrote, until this process is told to end. */
export async function reviewPredictions(
  predictions: string,
  { port, host, token = process.env.SERENGETI_PAGES_TOKEN || undefined }: ServeOptions,
): Promise<void> {
  checkExposure(host, token);
  const { review, folder, readPhotograph } = await openFolderReview(resolve(predictions));
  const server = createReviewServer({ review, readPhotograph, title: basename(folder), source: predictions, token });
  const sequences = counted(review.listing.sequences.length, 'sequence');
  try {
    await listenUntilStopped(server, { port, host }, `${sequences} of ${folder}`);
  } finally {
    await review.close();
  }
}
