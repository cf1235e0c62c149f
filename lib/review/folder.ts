import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SerengetiError } from '../contracts/errors';
import { readPredictions, type EventSource } from '../export';
import { pathExists } from '../io/files';
import { photographsOf } from '../model/predict/output';
import { REVIEWS_FILE } from './journal';
import { ANSWERS, Review } from './review';

/** Reads a photograph of an event; `undefined` where it is not there any more, or not below the folder. */
export type ReadPhotograph = (file: string, season?: string) => Promise<Buffer | undefined>;

export interface FolderReview {
  readonly review: Review;
  /** Where the photographs are. */
  readonly folder: string;
  readonly readPhotograph: ReadPhotograph;
}

/** @param predictions - the folder that `predict` wrote; marks go there, too */
export async function openFolderReview(predictions: string): Promise<FolderReview> {
  const folder = await photographsOf(predictions);
  const review = await openReview(predictions);
  return { review, folder, readPhotograph: (file) => readBelow(folder, file) };
}

/**
 * What people said of a folder of predictions.
 *
 * @throws SerengetiError INPUT_INVALID where nobody has reviewed it
 */
export async function readReviewed(predictions: string): Promise<EventSource> {
  if (!(await pathExists(join(predictions, REVIEWS_FILE)))) {
    throw new SerengetiError(
      'INPUT_INVALID',
      `${predictions} has no ${REVIEWS_FILE}: look at it with \`serengeti review\` first`,
    );
  }
  const review = await openReview(predictions);
  await review.close();
  return review.reviewed();
}

async function openReview(predictions: string): Promise<Review> {
  return await Review.open(await readPredictions(predictions, ANSWERS), join(predictions, REVIEWS_FILE));
}

/** What the system says of names under which there is no file. */
const NO_FILE = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'];

/** Names in the results may be anything: only what really lies below the folder is read, whatever links say. */
async function readBelow(folder: string, file: string): Promise<Buffer | undefined> {
  try {
    const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, file))]);
    return path.startsWith(root.endsWith(sep) ? root : root + sep) ? await readFile(path) : undefined;
  } catch (error) {
    if (NO_FILE.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
