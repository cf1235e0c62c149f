import { ApplicationFailure } from '@temporalio/common';
import type { ErrorCode } from '../lib/contracts/errors';

const LOST: readonly ErrorCode[] = ['ARTIFACT_CORRUPT', 'ARTIFACT_MISSING'];

/**
 * What a failed step says of an input that was made before and is no longer what it was: a file with another digest, after
 * which the artifact does not count as made, or one that is gone. `undefined` for other failures.
 */
export function lostArtifact(error: unknown): { readonly kind?: unknown } | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof ApplicationFailure) || !LOST.some((code) => code === cause.type)) continue;
    return cause.details?.[0] ?? {};
  }
  return undefined;
}
