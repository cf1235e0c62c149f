import { IO_TASK_QUEUE } from '../../lib/contracts/run';
import { usesOfRunning, type Uses } from '../../runs/uses';
import { standIns, testServer, withWorkers } from '../workflows/support';
import { until } from '../support/waiting';

const environment = testServer();

async function usesWhen(fit: (uses: Uses) => boolean): Promise<Uses> {
  return await until(async () => {
    const uses = await usesOfRunning(environment().client);
    return fit(uses) && uses;
  });
}

describe('what running workflows use', () => {
  it('is nothing when none runs', async () => {
    const nothing: Uses = { refs: [], seasons: new Set(), running: [], undecided: [] };
    expect(await usesOfRunning(environment().client)).toEqual(nothing);
  });

  it('is what their histories name, in runs and in their children, until they end', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const base = standIns();
    const held = standIns({
      trainHead: async (input) => {
        await gate;
        return await base.trainHead(input);
      },
    });
    await withWorkers(environment(), held, async () => {
      const handle = await environment().client.workflow.start('trainPipeline', {
        taskQueue: IO_TASK_QUEUE,
        workflowId: 'run',
        args: [{}],
      });
      const uses = await usesWhen(({ refs }) => refs.some(({ kind }) => kind === 'backbone'));
      expect(uses.refs.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['catalog', 'frames', 'index', 'pick']));
      expect([...uses.seasons].sort()).toEqual(['S1', 'S2']);
      expect(uses.running).toContain('run');
      expect(uses.undecided).toEqual([]);
      release();
      await handle.result();
      expect((await usesWhen(({ running }) => running.length === 0)).refs).toEqual([]);
    });
  });

  it('is not known of a run that has not read its catalog', async () => {
    const handle = await environment().client.workflow.start('trainPipeline', {
      taskQueue: 'nobody',
      workflowId: 'undecided',
      args: [{}],
    });
    expect((await usesWhen(({ running }) => running.length === 1)).undecided).toEqual(['undecided']);
    await handle.terminate();
  });
});
