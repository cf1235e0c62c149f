import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import type { Progress } from '../../lib/contracts/progress';
import { IO_TASK_QUEUE } from '../../lib/contracts/run';
import { RunWatcher, type Snapshot } from '../../runs/snapshot';
import { readTemporalSettings } from '../../workers/temporal';
import { standIns, testServer, withWorkers } from '../workflows/support';
import { until } from '../support/waiting';

const HALF: Progress = { done: 3, total: 6, unit: 'steps', note: 'epoch 3' };

const environment = testServer();

describe('a snapshot of a run whose payloads are encrypted', () => {
  it('has the progress that its activities last told', async () => {
    const { dataConverter } = readTemporalSettings({ SERENGETI_CODEC_KEY: randomBytes(32).toString('base64') });
    const client = new Client({ connection: environment().connection, dataConverter });
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const base = standIns();
    const held = standIns({
      trainHead: async (input) => {
        Context.current().heartbeat(HALF);
        await gate;
        return await base.trainHead(input);
      },
    });
    const run = async (): Promise<void> => {
      const handle = await client.workflow.start('trainPipeline', {
        taskQueue: IO_TASK_QUEUE,
        workflowId: 'run',
        args: [{}],
      });
      const training = ({ steps }: Snapshot) => steps.find(({ name }) => name === 'train')!;
      const watcher = new RunWatcher(client);
      const snapshot = await until(async () => {
        const seen = await watcher.snapshot('run');
        return training(seen).done > 0 && seen;
      });
      expect(training(snapshot)).toMatchObject({ status: 'running', ...HALF });
      release();
      await handle.result();
    };
    await withWorkers(environment(), held, run, { dataConverter });
  });
});
