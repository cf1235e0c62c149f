import { once } from 'node:events';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { durable } from '../../activities/durable';
import { UPDATES, type Standing } from '../../lib/contracts/control';
import { PROGRESS_QUERY, type RunProgress, type RunResult } from '../../lib/contracts/run';
import { standIns, startRun, testServer, withWorkers, type Activities } from './support';
import { until } from '../support/waiting';

const environment = testServer();

/** Workers that have to replay what the ones before them did. */
const withFreshWorkers = <T>(activities: Activities, test: () => Promise<T>): Promise<T> =>
  withWorkers(environment(), activities, test, { fresh: true });

const start = (request: object): Promise<WorkflowHandle> => startRun(environment(), request);

/** Training that goes on until its worker or its run stops it, and ends as libraries do then: with an error of theirs. */
class Training {
  begun = 0;
  done = false;
  readonly activities = standIns({ trainHead: async (input) => await this.#train(input) });

  async #train(input: Parameters<Activities['trainHead']>[0]): ReturnType<Activities['trainHead']> {
    this.begun += 1;
    if (this.done) return await standIns().trainHead(input);
    return await durable(async ({ signal }) => {
      if (!signal.aborted) await once(signal, 'abort');
      throw new Error('The session is closed.');
    });
  }
}

describe('a worker that is stopped', () => {
  it('costs the step no attempt, however often', async () => {
    const training = new Training();
    const handle = await start({ seed: 41 });
    for (let restart = 1; restart <= 11; restart++) {
      await withFreshWorkers(training.activities, () => until(() => training.begun === restart));
    }
    training.done = true;
    const result = (await withFreshWorkers(training.activities, () => handle.result())) as RunResult;
    expect(result.model.kind).toBe('model');
    expect(training.begun).toBe(12);
  });

  it('while the run is being paused leaves the run paused', async () => {
    const training = new Training();
    const handle = await start({ seed: 42 });
    const pausing = await withFreshWorkers(training.activities, async () => {
      await until(() => training.begun === 1);
      return await handle.startUpdate<Standing, []>(UPDATES.pause, { waitForStage: 'ACCEPTED' });
    });
    training.done = true;
    await withFreshWorkers(training.activities, async () => {
      expect((await pausing.result()).condition).toBe('paused');
      await handle.executeUpdate(UPDATES.resume);
      expect(((await handle.result()) as RunResult).model.kind).toBe('model');
    });
  });
});

describe('a step that is stopped by a pause', () => {
  it('is interrupted, whatever it fails with', async () => {
    const { trainHead } = standIns();
    let begun = 0;
    const activities = standIns({
      trainHead: async (input) => {
        begun += 1;
        if (begun > 1) return await trainHead(input);
        // Fails by itself at the moment at which it is told to stop.
        await durable(({ signal }) => once(signal, 'abort')).catch(() => undefined);
        throw ApplicationFailure.nonRetryable('The loss is not a number.', 'TRAINING_DIVERGED');
      },
    });
    const result = await withFreshWorkers(activities, async () => {
      const handle = await start({ seed: 43 });
      await until(() => begun === 1);
      await handle.executeUpdate(UPDATES.pause);
      await handle.executeUpdate(UPDATES.resume);
      return (await handle.result()) as RunResult;
    });
    expect([result.model.kind, begun]).toEqual(['model', 2]);
  });
});

describe('an activity that the workers do not know yet', () => {
  it('waits for a worker that does', async () => {
    const { trainHead: _, ...older } = standIns();
    const handle = await start({ seed: 44 });
    const waiting = await withFreshWorkers(older as Activities, () =>
      until(async () => {
        const [first] = (await handle.query<RunProgress>(PROGRESS_QUERY)).waiting;
        return first;
      }),
    );
    expect(waiting).toMatchObject({ step: 'train', code: 'WORKER_OUTDATED' });
    expect(waiting.message).toContain('does not know trainHead');
    await withFreshWorkers(standIns(), async () => {
      await handle.executeUpdate(UPDATES.retry);
      expect(((await handle.result()) as RunResult).model.kind).toBe('model');
    });
  });
});
