import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { RetrainRequest, RetrainResult } from '../../lib/contracts/retrain';
import { IO_TASK_QUEUE } from '../../lib/contracts/run';
import { temporaryFolder } from '../support/folders';
import { familyOf } from '../../runs/find';
import { until } from '../support/waiting';
import { Gate } from './scenarios';
import { SmallWorld } from './smallWorld';
import { testServer, withWorkers, type Activities } from './support';

const folder = temporaryFolder();
const environment = testServer();
let world: SmallWorld;
let looks = 0;

beforeEach(async () => {
  world = new SmallWorld(folder());
  await world.publishCatalog(['S1', 'S2']);
  await world.publish('S1', 'S2');
});

async function look(
  request: Omit<RetrainRequest, 'catalog'> = {},
  workflowId = `look-${++looks}`,
): Promise<RetrainResult> {
  return (await environment().client.workflow.execute('retrainOnNewSeasons', {
    taskQueue: IO_TASK_QUEUE,
    workflowId,
    args: [{ catalog: world.catalogFile, settleSeconds: 0, ...request }],
  })) as RetrainResult;
}

function working<T>(test: () => Promise<T>, overrides: Partial<Activities> = {}): Promise<T> {
  return withWorkers(environment(), world.activities(overrides), test);
}

/** What the Temporal UI shows at the top of the page. */
async function detailsOf(workflowId: string): Promise<string> {
  return await environment()
    .client.workflow.getHandle(workflowId)
    .query<string>('__temporal_workflow_metadata')
    .then((metadata) => (metadata as unknown as { currentDetails: string }).currentDetails);
}

describe('a look that is reset while its challenger trains', () => {
  it('joins the training, and judges what comes of it', async () => {
    const { trainHead } = world.activities();
    const gate = new Gate();
    const { client } = environment();
    const workflowId = `look-${++looks}`;
    const family = await working(
      async () => {
        const looking = look({}, workflowId);
        // A reset ends the run that was begun.
        const begun = looking.catch((error: unknown) => error);
        await until(() => gate.held === 1);
        const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
        await client.connection.workflowService.resetWorkflowExecution({
          namespace: client.options.namespace,
          workflowExecution: { workflowId },
          workflowTaskFinishEventId: events!.find((event) => event.workflowTaskCompletedEventAttributes)!.eventId,
          requestId: 'reset',
        });
        const reset = client.workflow.getHandle(workflowId);
        await until(async () => {
          const { raw } = await reset.describe();
          return raw.pendingActivities?.some(({ activityId }) => activityId === `await:${workflowId}-train`) === true;
        });
        gate.open();
        expect(await reset.result()).toMatchObject({ outcome: 'promoted', champion: 'm1', run: `${workflowId}-train` });
        await begun;
        return await until(async () => {
          const ids = await familyOf(client, `${workflowId}-train`);
          return ids.length === 5 && ids;
        });
      },
      { trainHead: gate.before(trainHead) },
    );
    expect(gate.held).toBe(1);
    // The training's own children, and not the look.
    expect(family).not.toContain(workflowId);
    expect(family.filter((id) => id.startsWith('ingest-'))).toHaveLength(2);
  });
});

describe('a look at the catalog', () => {
  it('refuses a wrong input at once, with every problem', async () => {
    const failure: unknown = await working(() =>
      look({ heldOut: { policy: 'oldest' } as never, settleSeconds: -1 }).catch((error: unknown) => error),
    );
    const { cause } = failure as WorkflowFailedError;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect(cause).toMatchObject({ type: 'INPUT_INVALID' });
    for (const place of ['heldOut', 'settleSeconds']) expect(cause!.message).toContain(place);
  });

  it('trains the first model of a catalog, which is champion', async () => {
    const result = await working(() => look());
    expect(result).toMatchObject({ outcome: 'promoted', champion: 'm1', newSeasons: ['S1', 'S2'] });
    const { models } = await world.state();
    expect(models[0]).toMatchObject({ trainSeasons: ['S1'], validationSeasons: ['S2'] });
  });

  it('does nothing when nothing is new, and says so where people look', async () => {
    const [result, details] = await working(async () => {
      await look();
      const second = await look({}, 'nothing');
      return [second, await detailsOf('nothing')] as const;
    });
    expect(result).toMatchObject({ outcome: 'nothing new', newSeasons: [], champion: 'm1' });
    expect(details).toContain('### Nothing new');
    expect(details).toContain('m1 knows all 2 seasons of small');
    expect((await world.state()).models).toHaveLength(1);
  });
});

describe('a season that is still being published', () => {
  it('waits while its archive is missing', async () => {
    const result = await working(async () => {
      await look();
      await world.publishCatalog(['S1', 'S2', 'S3']);
      await world.publishMetadata('S3');
      return await look();
    });
    expect(result).toMatchObject({ outcome: 'waiting', newSeasons: [], waiting: [{ season: 'S3' }] });
    expect(result.waiting[0]!.reason).toContain('S3.zip');
  });

  it('waits while it grows from one look to the next, and is taken when it has stopped', async () => {
    const [growing, whole] = await working(async () => {
      await look();
      await world.publishCatalog(['S1', 'S2', 'S3']);
      await world.publish('S3');
      const uploading = look({ settleSeconds: 2 }, 'growing');
      while (!(await detailsOf('growing').catch(() => '')).startsWith('New: S3')) await sleep(50);
      await world.publishArchive('S3', 1000);
      return [await uploading, await look()];
    });
    expect(growing).toMatchObject({ outcome: 'waiting', waiting: [{ season: 'S3' }] });
    expect(growing.waiting[0]!.reason).toBe('It went from 102 to 1,002 bytes between the two looks.');
    expect(whole.newSeasons).toEqual(['S3']);
  });

  it('does not hold up the others', async () => {
    const result = await working(async () => {
      await look();
      await world.publishCatalog(['S1', 'S2', 'S3', 'S4']);
      await world.publish('S3');
      await world.publishMetadata('S4');
      return await look();
    });
    expect(result).toMatchObject({ newSeasons: ['S3'], waiting: [{ season: 'S4' }] });
    expect((await world.state()).models[1]!.trainSeasons).toEqual(['S1', 'S3']);
  });
});

describe('a challenger', () => {
  async function afterNewSeason(request: Omit<RetrainRequest, 'catalog'> = {}): Promise<RetrainResult> {
    await look();
    await world.publishCatalog(['S1', 'S2', 'S3']);
    await world.publish('S3');
    return await look(request);
  }

  it('that beats the champion on the same held-out frames becomes champion', async () => {
    world.scores.set('S1,S3', 0.015);
    const result = await working(() => afterNewSeason());
    expect(result).toMatchObject({
      outcome: 'promoted',
      champion: 'm2',
      challenger: 'm2',
      logLoss: { challenger: 0.015, champion: 0.02 },
    });
    expect(world.validations).toEqual(['S1 → S2', 'S1,S3 → S2', 'S1 → S2']);
    expect((await world.state()).promotions.at(-1)).toMatchObject({ model: 'm2', replaced: 'm1', how: 'score' });
  });

  it('that does not is kept with the reason, and its season is not tried again and again', async () => {
    world.scores.set('S1,S3', 0.03);
    const [kept, next] = await working(async () => [await afterNewSeason(), await look()]);
    expect(kept).toMatchObject({ outcome: 'kept', champion: 'm1', challenger: 'm2' });
    expect(kept.reason).toMatch(
      /^Log loss 0.03000 beside 0.02000 of m1 on the same 40 held-out sequences: .* it is worse\.$/,
    );
    expect(next.outcome).toBe('nothing new');
    expect((await world.state()).champions).toEqual({ small: 'm1' });
  });

  it('is judged on the newest season when that is the policy, and so is the champion', async () => {
    world.scores.set('S1,S2', 0.01);
    const result = await working(() => afterNewSeason({ heldOut: { policy: 'newest' } }));
    expect(result).toMatchObject({ outcome: 'promoted', champion: 'm2' });
    expect(world.validations).toEqual(['S1 → S2', 'S1,S2 → S3', 'S1 → S3']);
  });

  it('is kept when the champion was trained on what it is judged by', async () => {
    world.scores.set('S2,S3', 0.001);
    const result = await working(() => afterNewSeason({ heldOut: { policy: 'fixed', seasons: ['S1'] } }));
    expect(result).toMatchObject({ outcome: 'kept', champion: 'm1' });
    expect(result.reason).toContain('m1 was trained on S1, which m2 is judged by');
  });

  it('stands against the champion of that moment, also when a person promotes another one meanwhile', async () => {
    world.scores.set('S1,S3', 0.015);
    const settle = world.activities().settleChallenger;
    let promoted = false;
    const result = await working(() => afterNewSeason(), {
      settleChallenger: async (match) => {
        if (!promoted) {
          promoted = true;
          const [first] = (await world.state()).models;
          await world.registry.register({
            ...first!,
            artifacts: { ...first!.artifacts, model: { ...first!.artifacts.model, key: 'e'.repeat(64) } },
          });
          await world.registry.promote('m3', 'Better by eye.');
        }
        return await settle(match);
      },
    });
    expect(result.reason).toBe('The files of m3 are no longer in the store.');
    expect(result).toMatchObject({ outcome: 'kept', champion: 'm3' });
  });

  it('with another backbone has the champion look at the frames anew', async () => {
    world.scores.set('S1,S3', 0.015);
    const looked: string[] = [];
    const extract = world.activities().extractFeatures;
    const result = await working(() => afterNewSeason({ run: { model: { backbone: 'nasnet-mobile' } } }), {
      extractFeatures: async (input) => {
        looked.push(`${input.backbone.summary.backbone} ${input.frames.summary.season}`);
        return await extract(input);
      },
    });
    expect(result.outcome).toBe('promoted');
    expect(looked.slice(2)).toEqual([
      expect.stringContaining('nasnet-mobile'),
      expect.stringContaining('nasnet-mobile'),
      expect.stringContaining('nasnet-mobile'),
      'efficientnet-lite0 S2',
    ]);
  });

  it('gets the options of the champion unless others are asked for', async () => {
    await working(async () => {
      await look({ run: { training: { head: 'tutorial', epochs: 7 } } });
      await world.publishCatalog(['S1', 'S2', 'S3']);
      await world.publish('S3');
      await look();
    });
    expect((await world.state()).models.map(({ input }) => input.training.epochs)).toEqual([7, 7]);
  });
});
