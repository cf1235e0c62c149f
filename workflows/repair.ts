import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import type { Waiting } from '../lib/contracts/control';
import { ERRORS, isErrorCode, isWaitedFor, type ErrorCode } from '../lib/contracts/errors';
import type { StepName } from '../lib/contracts/steps';

export type Trouble = Pick<Waiting, 'step' | 'code' | 'message'>;

const MINUTE = 60_000;
/** What may be mended any moment is looked at every few minutes, and soon at first. */
const LONGEST_PAUSE = 15 * MINUTE;
/** What only a person mends is still looked at: people forget to say that they did. */
const PAUSE_WITHOUT_HOPE = 60 * MINUTE;

/**
 * What a failed activity waits for, if it does: for what a person repairs outside the run, and for what did not pass
 * within the activity's own attempts. Other failures end the run: a wrong input, a fault of the program.
 */
export function troubleOf(step: StepName | undefined, error: unknown): Trouble | undefined {
  if (!(error instanceof ActivityFailure)) return undefined;
  const { cause, activityType } = error;
  if (cause instanceof ApplicationFailure && cause.type === ('WORKER_OUTDATED' satisfies ErrorCode)) {
    return { step: step ?? 'catalog', code: 'WORKER_OUTDATED', message: cause.message };
  }
  // Reading the catalog is a run's first step: nothing is lost when it fails, and a mistyped address shows at once.
  if (step === undefined || step === 'catalog') return undefined;
  if (cause instanceof TimeoutFailure) {
    const message = `${activityType}: ${cause.message}. ${ERRORS.WORKER_LOST.repair}`;
    return { step, code: 'WORKER_LOST', message };
  }
  if (!(cause instanceof ApplicationFailure) || !isErrorCode(cause.type)) return undefined;
  const code = cause.type;
  return ERRORS[code].retry || isWaitedFor(code) ? { step, code, message: cause.message } : undefined;
}

/** Milliseconds until the next attempt by itself. */
export function pauseBefore(code: ErrorCode, failures: number): number {
  return ERRORS[code].retry ? Math.min(2 ** (failures - 1) * MINUTE, LONGEST_PAUSE) : PAUSE_WITHOUT_HOPE;
}
