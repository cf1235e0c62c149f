import { IO_TASK_QUEUE } from '../../lib/contracts/run';
import type { RunRequest } from '../../lib/contracts/runInput';
import { standIns, testServer, withWorkers } from './support';

const environment = testServer();

async function start(workflowId: string, request: RunRequest = {}): Promise<{ result(): Promise<unknown> }> {
  return await environment().client.workflow.start('trainPipeline', {
    taskQueue: IO_TASK_QUEUE,
    workflowId,
    args: [request],
  });
}

/** Lets whoever waits go on once it is opened; tells how many came. */
class Gate {
  arrived = 0;
  open!: () => void;
  readonly #opened = new Promise<void>((resolve) => (this.open = resolve));
  readonly #waiting: (() => void)[] = [];

  async pass(): Promise<void> {
    this.arrived += 1;
    for (const look of this.#waiting) look();
    await this.#opened;
  }

  async until(count: number): Promise<void> {
    while (this.arrived < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

describe('the queues', () => {
  it('answer a plan while downloads have all their slots', async () => {
    const downloads = new Gate();
    const base = standIns();
    const activities = standIns({
      downloadArchive: async (input) => {
        await downloads.pass();
        return await base.downloadArchive(input);
      },
    });
    await withWorkers(
      environment(),
      activities,
      async () => {
        const run = await start('downloading');
        await downloads.until(2);
        const plan = await start('plan', { dryRun: true });
        expect(await plan.result()).toMatchObject({ dryRun: true });
        downloads.open();
        await run.result();
      },
      { slots: 2 },
    );
  }, 60_000);

  it('give runs their turns: a small one does not stand behind all of a large one', async () => {
    const order: string[] = [];
    const [first, next] = [new Gate(), new Gate()];
    const base = standIns();
    const shardsOf = { large: 60, small: 3 };
    let prepared = 0;
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
        if (order.length === 0) await first.pass();
        if (prepared === 2) await next.pass();
        order.push(input.pick.key.startsWith('large') ? 'large' : 'small');
        return await base.extractFeatures(input);
      },
    });
    await withWorkers(
      environment(),
      activities,
      async () => {
        const large = await start('large', { seed: 1 });
        await first.until(1);
        const small = await start('small', { seed: 2 });
        await waitingInQueue('small', 'prepareBackbone', 1);
        first.open();
        await next.until(1);
        await waitingInQueue('features-S1-small0000000-bbbbbbbbbbbb', 'extractFeatures', shardsOf.small);
        next.open();
        await Promise.all([large.result(), small.result()]);
      },
      { slots: 1 },
    );
    expect(order).toHaveLength(shardsOf.large + shardsOf.small);
    expect(order.slice(-20)).not.toContain('small');
  }, 90_000);
});

/** Waits until so many activities of a workflow stand in a queue or have begun. */
async function waitingInQueue(workflowId: string, activity: string, count: number): Promise<void> {
  const handle = environment().client.workflow.getHandle(workflowId);
  for (let waiting = 0; waiting < count;) {
    const { raw } = await handle.describe().catch(() => ({ raw: { pendingActivities: [] } }));
    waiting = (raw.pendingActivities ?? []).filter(({ activityType }) => activityType?.name === activity).length;
  }
}
