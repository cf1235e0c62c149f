import { Worker } from '@temporalio/worker';
import { IO_TASK_QUEUE } from '../../lib/contracts/run';
import { storesOf, workerIdentity, workersOf } from '../../runs/workersSeen';
import { testServer } from '../workflows/support';

const server = testServer();

describe('the workers of a queue', () => {
  it('are none at first', async () => {
    expect(await workersOf(server().client, IO_TASK_QUEUE)).toEqual([]);
  });

  it('say which store they work for, those of other programs nothing', async () => {
    const identities = [
      workerIdentity(7, 'host', 'file:///home/a b/store/'),
      workerIdentity(8, 'host', 's3://bucket/wild'),
      'a stranger',
    ];
    for (const [seen, identity] of identities.entries()) {
      const worker = await Worker.create({
        connection: server().nativeConnection,
        taskQueue: IO_TASK_QUEUE,
        identity,
        activities: { downloadArchive: () => Promise.resolve() },
      });
      await worker.runUntil(async () => {
        while ((await workersOf(server().client, IO_TASK_QUEUE)).length <= seen);
      });
    }
    expect((await storesOf(server().client, IO_TASK_QUEUE)).sort()).toEqual([
      'file:///home/a b/store/',
      's3://bucket/wild',
    ]);
  });
});
