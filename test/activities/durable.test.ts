import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplicationFailure } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/activity';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { durable } from '../../activities/durable';
import { SerengetiError } from '../../lib/contracts/errors';
import type { Progress } from '../../lib/contracts/progress';
import { until } from '../support/waiting';

function quietEnvironment(): MockActivityEnvironment {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
}

async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  return await quietEnvironment()
    .run(() => durable(work))
    .then(
      () => undefined,
      (error: unknown) => error,
    );
}

describe('the durable shell', () => {
  it('beats while the work is silent, with the latest progress', async () => {
    const environment = quietEnvironment();
    const beats: (Progress | undefined)[] = [];
    environment.on('heartbeat', (progress: Progress | undefined) => beats.push(progress));
    await environment.run(() =>
      durable(async ({ onProgress }) => {
        for (let done = 1; done <= 1000; done++) onProgress({ done, total: 1000, unit: 'frames' });
        expect(beats.length).toBeLessThan(3);
        await until(() => beats.at(-1)?.done === 1000);
      }),
    );
    expect(beats[0]).toBeUndefined();
  });

  it('tells how far the attempt before was until this one knows', async () => {
    const earlier: Progress = { done: 7, total: 9, unit: 'frames' };
    const environment = new MockActivityEnvironment(
      { heartbeatDetails: earlier },
      { logger: new DefaultLogger('ERROR') },
    );
    const beats: (Progress | undefined)[] = [];
    environment.on('heartbeat', (progress: Progress | undefined) => beats.push(progress));
    await environment.run(() =>
      durable(async ({ onProgress }) => {
        onProgress({ done: 8, total: 9, unit: 'frames' });
        await until(() => beats.at(-1)?.done === 8);
      }),
    );
    expect(beats[0]).toEqual(earlier);
  });

  it('passes cancellation on as a signal and ends as cancelled, whatever the work throws then', async () => {
    const environment = quietEnvironment();
    const run = environment.run(() =>
      durable(async ({ signal }) => {
        await sleep(10_000, undefined, { signal });
      }),
    );
    environment.cancel();
    await expect(run).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('gives the step back when its worker is stopped, whatever the work throws then', async () => {
    const environment = quietEnvironment();
    const run = environment.run(() =>
      durable(async ({ signal }) => {
        await once(signal, 'abort');
        throw new SerengetiError('ARCHIVE_INVALID', 'S1.zip ends early.');
      }),
    );
    environment.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    // Temporal would count a retry of its own.
    await expect(run).rejects.toMatchObject({ type: 'WORKER_STOPPED', nonRetryable: true });
  });

  it('tells Temporal to try again what a retry can mend', async () => {
    const failure = await failureOf(() => {
      throw new SerengetiError('SOURCE_UNREACHABLE', 'http://mirror/S1.zip: connection refused.');
    });
    expect(failure).toMatchObject({ type: 'SOURCE_UNREACHABLE', nonRetryable: false });
  });

  it('ends what no retry mends, with the place and the advice in the message', async () => {
    const failure = (await failureOf(() => {
      throw new SerengetiError('ENTRY_CORRUPT', 'S1.zip: entry S1/A.JPG at byte 77', { details: { byte: 77 } });
    })) as ApplicationFailure;
    expect(failure).toMatchObject({ type: 'ENTRY_CORRUPT', nonRetryable: true, details: [{ byte: 77 }] });
    expect(failure.message).toBe(
      'S1.zip: entry S1/A.JPG at byte 77. Fetch the archive again; the entry does not match its CRC-32.',
    );
  });

  it('lets no raw error of the operating system out', async () => {
    expect(await failureOf(() => readFile('/nowhere'))).toMatchObject({ type: 'SYSTEM_FAILED', nonRetryable: false });
    const full = (): Promise<void> => writeFile('/dev/full', 'x');
    expect(await failureOf(full)).toMatchObject({ type: 'DISK_FULL', nonRetryable: true });
  });

  it('leaves errors that it does not know as they are', async () => {
    const bug = new TypeError('undefined is not a function');
    expect(await failureOf(() => Promise.reject(bug))).toBe(bug);
  });
});
