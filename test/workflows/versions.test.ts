import { isGrpcServiceError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Outcome, RunResult } from '../../lib/contracts/run';
import { deploymentOptions } from '../../workers/deployment';
import { Gate } from './scenarios';
import { standIns, startRun, testServer, withWorkers, type Activities } from './support';
import { until } from '../support/waiting';

const DEPLOYMENT = 'serengeti';
/** Of the run whose older workers find that the pick is gone. */
const LOSING_SEED = 3;

const environment = testServer();

/** What the store has that all builds share, by name. */
const stored = new Set<string>();

function produced<O extends Outcome>(outcome: O): O {
  const { key } = outcome.ref;
  const reused = stored.has(key);
  stored.add(key);
  return { ...outcome, reused };
}

/** A build of the program that picks and trains in its own way, under recipes of its own versions. */
class Build {
  readonly training = new Gate();
  /** Keys of the models that its workers validated. */
  readonly validated: string[] = [];
  readonly activities: Activities;

  constructor(readonly id: string) {
    const base = standIns();
    this.activities = standIns({
      downloadMetadata: async (input) => produced(await base.downloadMetadata(input)),
      downloadArchive: async (input) => produced(await base.downloadArchive(input)),
      unzipSeason: async (input) => produced(await base.unzipSeason(input)),
      indexSeason: async (input) => produced(await base.indexSeason(input)),
      pickFrames: async (input) => {
        const { ref } = await base.pickFrames(input);
        return produced({ ref: { ...ref, key: id.padEnd(64, '0') }, reused: false });
      },
      trainHead: this.training.before(async (input) => {
        if (input.seed === LOSING_SEED && id === 'older') throw pickIsLost();
        const { ref } = await base.trainHead(input);
        return produced({ ref: { ...ref, key: `${id}-${input.seed}` }, reused: false });
      }),
      validateModel: async (input) => {
        this.validated.push(input.model.key);
        return await base.validateModel(input);
      },
    });
  }

  async withWorkers<T>(name: string | undefined, test: () => Promise<T>): Promise<T> {
    const deployment = deploymentOptions(name, () => this.id);
    return await withWorkers(environment(), this.activities, test, { deployment });
  }

  /** As an operator makes it. The server refuses for as long as it has not heard of the workers of all queues. */
  async becomeCurrent(): Promise<void> {
    const { connection, options } = environment().client;
    const request = { namespace: options.namespace, deploymentName: DEPLOYMENT, buildId: this.id };
    await until(() =>
      connection.workflowService.setWorkerDeploymentCurrentVersion(request).catch((error: unknown) => {
        if (!isGrpcServiceError(error)) throw error;
        return undefined;
      }),
    );
  }
}

function pickIsLost(): ApplicationFailure {
  return ApplicationFailure.nonRetryable('The pick is gone.', 'ARTIFACT_MISSING', { kind: 'pick' });
}

const resultOf = async (run: WorkflowHandle): Promise<RunResult> => (await run.result()) as RunResult;

describe('a new version of the workers in place of an older one, without a deployment', () => {
  it('takes the run over and makes all of it in its own way', async () => {
    const [older, newer] = [new Build('older'), new Build('newer')];
    newer.training.open();
    const { workflowId } = await older.withWorkers(undefined, async () => {
      const run = await startRun(environment(), { seed: 4 });
      await until(() => older.training.held === 1);
      return run;
    });
    const { pick, model } = await newer.withWorkers(undefined, () =>
      resultOf(environment().client.workflow.getHandle(workflowId)),
    );
    expect([pick.key, model.key]).toEqual(['newer'.padEnd(64, '0'), 'newer-4']);
  }, 120_000);
});

describe('a new version of the workers beside an older one', () => {
  it('takes the new runs, and those that begin a new history; the others end where they began', async () => {
    const [older, newer] = [new Build('older'), new Build('newer')];
    newer.training.open();
    await older.withWorkers(DEPLOYMENT, async () => {
      await older.becomeCurrent();
      const [ending, losing] = [await startRun(environment(), { seed: 1 }), await startRun(environment(), { seed: 3 })];
      await until(() => older.training.held === 2);
      await newer.withWorkers(DEPLOYMENT, async () => {
        await newer.becomeCurrent();
        const fresh = await resultOf(await startRun(environment(), { seed: 2 }));
        expect(fresh.model.key).toBe('newer-2');
        // Nothing was made again that both versions make alike.
        expect([fresh.bytes.fetched, fresh.stepSeconds.index]).toEqual([0, undefined]);
        older.training.open();
        expect((await resultOf(ending)).model.key).toBe('older-1');
        const upgraded = await resultOf(environment().client.workflow.getHandle(losing.workflowId));
        expect(upgraded.model.key).toBe('newer-3');
        expect([older.validated, newer.validated]).toEqual([['older-1'], ['newer-2', 'newer-3']]);
      });
    });
  }, 120_000);
});
