import { ApplicationFailure, cancellationDetails, CancelledFailure, Context } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { ERRORS, isSerengetiError, type ErrorCode } from '../lib/contracts/errors';
import { asSystemError } from '../lib/io/systemErrors';
import type { Progress, WorkOptions } from '../lib/contracts/progress';
import { StepMeter } from './stepMeter';

/** Heartbeats also flow while a step has nothing new to tell, so that silence means a dead worker. */
const HEARTBEAT_MILLISECONDS = 1_000;

/**
 * The durable shell of a step: heartbeats with progress, cancellation as a signal, warnings and progress in the log,
 * errors as failures that carry their code. The work itself knows nothing of Temporal.
 */
export async function durable<T>(work: (options: Required<WorkOptions>) => Promise<T>): Promise<T> {
  const { cancellationSignal, log, info } = Context.current();
  const meter = new StepMeter();
  const earlier = info.heartbeatDetails as Progress | undefined;
  let progress: Progress | undefined;
  let logged = 0;
  // How far the attempt before was is better than nothing until this one knows.
  const beat = (): void => Context.current().heartbeat(progress ?? earlier);
  const timer = setInterval(() => {
    beat();
    if (progress !== undefined && progress.done !== logged) {
      logged = progress.done;
      meter.progress(progress);
      log.info('Progress', { ...progress });
    }
  }, HEARTBEAT_MILLISECONDS);
  beat();
  log.info('Started', { attempt: info.attempt });
  const started = performance.now();
  try {
    const result = await work({
      signal: cancellationSignal,
      onProgress: (latest) => {
        progress = latest;
      },
      onWarning: ({ message, details }) => {
        log.warn(message, { ...details });
      },
      onNote: ({ message, details }) => {
        log.info(message, { ...details });
      },
    });
    log.info('Finished', { seconds: Number(((performance.now() - started) / 1000).toFixed(3)) });
    return result;
  } catch (thrown) {
    const error = asSystemError(thrown);
    if (!cancellationSignal.aborted) meter.failed(error);
    throw asFailure(error, cancellationSignal);
  } finally {
    clearInterval(timer);
    if (progress !== undefined) meter.progress(progress);
  }
}

/** What Temporal needs to know of an error: whether to try again, and the code and the advice for people. */
function asFailure(error: unknown, signal: AbortSignal): unknown {
  // What is thrown because of the signal says nothing of the work, whatever it is.
  if (signal.aborted) return asInterruption(signal.reason);
  if (!isSerengetiError(error)) return error;
  return ApplicationFailure.create({
    type: error.code,
    // The workflow waits for a repair where people see it.
    nonRetryable: !error.retryable || error.waits,
    message: `${sentence(error.message)} ${error.repair}`,
    details: [error.details],
    cause: error,
  });
}

/** A worker's end goes back to the workflow, which schedules the step anew: as a retry of Temporal's it would count. */
function asInterruption(reason: unknown): Error {
  if (cancellationDetails()?.workerShutdown === true) {
    return ApplicationFailure.create({
      type: 'WORKER_STOPPED' satisfies ErrorCode,
      nonRetryable: true,
      // Nothing to warn of.
      category: ApplicationFailureCategory.BENIGN,
      message: `The worker was stopped. ${ERRORS.WORKER_STOPPED.repair}`,
    });
  }
  return reason instanceof CancelledFailure ? reason : new CancelledFailure('Cancelled');
}

function sentence(text: string): string {
  return /[.:!?]$/.test(text) || text.includes('\n') ? text : `${text}.`;
}
