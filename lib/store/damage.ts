import type { ArtifactId } from '../contracts/artifact';
import { isSerengetiError, SerengetiError } from '../contracts/errors';

export function isDamage(error: unknown): error is SerengetiError {
  return isSerengetiError(error) && error.code === 'ARTIFACT_CORRUPT';
}

/** @param place - where it is now; absent when another worker has set it aside, or made it anew since */
export function damageOf({ kind, key }: ArtifactId, cause: Error, place?: string): SerengetiError {
  const { details = {} } = cause as Partial<SerengetiError>;
  const aside = place === undefined ? 'was set aside' : `is set aside: ${place}`;
  return new SerengetiError('ARTIFACT_CORRUPT', `${cause.message}. The ${kind} artifact ${aside}`, {
    cause,
    details: { ...details, kind, key, ...(place === undefined ? {} : { place }) },
  });
}

/** What is damaged is not there. */
export async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}
