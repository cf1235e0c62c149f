import { ApplicationFailure } from '@temporalio/common';
import { IO_TASK_QUEUE, type RunResult } from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { temporaryFolder } from '../support/folders';
import { SmallWorld } from './smallWorld';
import { testServer, withWorkers, type Activities } from './support';

const folder = temporaryFolder();
const environment = testServer();
let world: SmallWorld;
let runs = 0;

beforeEach(async () => {
  world = new SmallWorld(folder());
  await world.publishCatalog(['S1', 'S2', 'S3']);
  await world.publish('S1', 'S2', 'S3');
});

async function run(request: RunRequest, overrides: Partial<Activities> = {}): Promise<RunResult['registered']> {
  const result = await withWorkers(environment(), world.activities(overrides), () =>
    environment().client.workflow.execute('trainPipeline', {
      taskQueue: IO_TASK_QUEUE,
      workflowId: `judged-${++runs}`,
      args: [{ catalog: world.catalogFile, validationSeasons: ['S2'], ...request }],
    }),
  );
  return (result as RunResult).registered;
}

describe('a run', () => {
  it('says that its model is champion when it is the first', async () => {
    expect(await run({ trainSeasons: ['S1'] })).toEqual({
      name: 'm1',
      outcome: 'promoted',
      champion: 'm1',
      reason: 'The first model of the catalog small.',
    });
  });

  it('makes a better model champion, and keeps a worse one out with the reason', async () => {
    world.scores.set('S1', 0.02).set('S1,S3', 0.015).set('S3', 0.03);
    await run({ trainSeasons: ['S1'] });
    expect(await run({ trainSeasons: ['S1', 'S3'] })).toMatchObject({
      name: 'm2',
      outcome: 'promoted',
      champion: 'm2',
      logLoss: { challenger: 0.015, champion: 0.02 },
    });
    expect(await run({ trainSeasons: ['S3'] })).toMatchObject({
      name: 'm3',
      outcome: 'kept',
      champion: 'm2',
      reason: expect.stringContaining('Log loss 0.03000 beside 0.01500 of m2'),
    });
  });

  it('that makes a model again does not take back what a person decided', async () => {
    world.scores.set('S1,S3', 0.015);
    await run({ trainSeasons: ['S1'] });
    await run({ trainSeasons: ['S1', 'S3'] });
    await world.registry.rollback('small', 'Worse at night.');
    expect(await run({ trainSeasons: ['S1', 'S3'] })).toMatchObject({ outcome: 'kept', champion: 'm1' });
    expect((await world.state()).champions).toEqual({ small: 'm1' });
  });

  it('ends well, and says why, when the champion cannot be scored', async () => {
    await run({ trainSeasons: ['S1'] });
    const registered = await run(
      { trainSeasons: ['S1', 'S3'] },
      {
        heldOutFrames: () => {
          throw ApplicationFailure.nonRetryable('The frames are somewhere else.', 'METADATA_INVALID');
        },
      },
    );
    expect(registered).toEqual({
      name: 'm2',
      outcome: 'kept',
      champion: 'm1',
      reason: 'm1 could not be scored on the same frames: The frames are somewhere else.',
    });
    expect((await world.state()).defences).toEqual([]);
  });
});
