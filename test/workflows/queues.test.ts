import { until } from '../support/waiting';
import { Gate } from './scenarios';
import { standIns, startRun, testServer, withWorkers } from './support';

const environment = testServer();

describe('the queues', () => {
  it('answer a plan while downloads have all their slots', async () => {
    const downloads = new Gate();
    const base = standIns();
    const activities = standIns({
      downloadArchive: downloads.before(base.downloadArchive),
    });
    await withWorkers(
      environment(),
      activities,
      async () => {
        const run = await startRun(environment());
        await until(() => downloads.held === 2);
        const plan = await startRun(environment(), { dryRun: true });
        expect(await plan.result()).toMatchObject({ dryRun: true });
        downloads.open();
        await run.result();
      },
      { slots: 2 },
    );
  });

  it('give runs their turns: a small one does not stand behind all of a large one', async () => {
    const order: string[] = [];
    const [first, next] = [new Gate(), new Gate()];
    const base = standIns();
    const shardsOf = { large: 60, small: 3 };
    let prepared = 0;
    const extract: typeof base.extractFeatures = async (input) => {
      order.push(input.pick.key.startsWith('large') ? 'large' : 'small');
      return await base.extractFeatures(input);
    };
    const activities = standIns({
      pickFrames: async (input) => {
        const { ref, reused } = await base.pickFrames(input);
        const name = input.seed === 1 ? 'large' : 'small';
        const shards = [{ season: 'S1', shards: shardsOf[name], frames: 9 }];
        return { ref: { ...ref, key: name.padEnd(64, '0'), summary: { ...ref.summary, shards } }, reused };
      },
      prepareBackbone: async (input) => {
        prepared += 1;
        return await base.prepareBackbone(input);
      },
      extractFeatures: async (input) => {
        if (order.length === 0) return await first.before(extract)(input);
        return prepared === 2 ? await next.before(extract)(input) : await extract(input);
      },
    });
    await withWorkers(
      environment(),
      activities,
      async () => {
        const large = await startRun(environment(), { seed: 1 }, 'large');
        await until(() => first.held === 1);
        const small = await startRun(environment(), { seed: 2 }, 'small');
        await waitingInQueue('small', 'prepareBackbone', 1);
        first.open();
        await until(() => next.held === 1);
        await waitingInQueue('features-S1-small0000000-bbbbbbbbbbbb', 'extractFeatures', shardsOf.small);
        next.open();
        await Promise.all([large.result(), small.result()]);
      },
      { slots: 1 },
    );
    expect(order).toHaveLength(shardsOf.large + shardsOf.small);
    expect(order.slice(-20)).not.toContain('small');
  });
});

/** Waits until so many activities of a workflow stand in a queue or have begun. */
async function waitingInQueue(workflowId: string, activity: string, count: number): Promise<void> {
  const handle = environment().client.workflow.getHandle(workflowId);
  await until(async () => {
    const { raw } = await handle.describe().catch(() => ({ raw: { pendingActivities: [] } }));
    return (raw.pendingActivities ?? []).filter(({ activityType }) => activityType?.name === activity).length >= count;
  });
}
