import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { REPORT_SIGNAL, type Report } from '../../lib/contracts/control';
import { PROGRESS_QUERY, type RunProgress, type RunResult } from '../../lib/contracts/run';
import { Gate, Holding } from './scenarios';
import { standIns, startRun, testServer, withWorkers } from './support';
import { until } from '../support/waiting';

const environment = testServer();

const start = (request: object): Promise<WorkflowHandle> => startRun(environment(), request);

async function childrenOf(run: WorkflowHandle): Promise<WorkflowHandle[]> {
  const ids = await until(async () => {
    const { children } = await run.query<RunProgress>(PROGRESS_QUERY);
    return children.length === 2 && children;
  });
  return ids.map((id) => environment().client.workflow.getHandle(id));
}

async function runIdsOf(workflows: readonly WorkflowHandle[]): Promise<string[]> {
  return await Promise.all(workflows.map(async (workflow) => (await workflow.describe()).runId));
}

const NOTHING_NEW: Report = { first: false, steps: [], ended: [], waiting: [], settled: [] };

describe('a run with a long history', () => {
  it('begins a new one while its children go on, and joins them', async () => {
    const { downloadArchive } = standIns();
    const gate = new Gate();
    const activities = standIns({ downloadArchive: gate.before(downloadArchive) });
    await withWorkers(environment(), activities, async () => {
      const run = await start({ seed: 51 });
      const children = await childrenOf(run);
      await until(() => gate.held === 2);
      const before = await runIdsOf([run, ...children]);
      const latest = environment().client.workflow.getHandle(run.workflowId);
      const after = await until(async () => {
        for (let i = 0; i < 50; i++) await latest.signal(REPORT_SIGNAL, NOTHING_NEW);
        // The server refuses a new history while signals come in, and each refusal replays the whole old one.
        await latest.query(PROGRESS_QUERY);
        const ids = await runIdsOf([latest, ...children]);
        return ids[0] !== before[0] && ids;
      });
      expect(after.slice(1)).toEqual(before.slice(1));
      await childrenOf(latest);
      gate.open();
      const result = (await run.result()) as RunResult;
      expect(result.bytes.fetched).toBe(4000);
    });
    expect(gate.held).toBe(2);
  });
});

describe('a run that is terminated', () => {
  it('leaves no children that go on alone', async () => {
    const { downloadArchive } = standIns();
    const held = new Holding(2);
    const activities = standIns({ downloadArchive: held.before(downloadArchive) });
    await withWorkers(environment(), activities, async () => {
      const run = await start({ seed: 52 });
      const children = await childrenOf(run);
      await held.allHeld();
      await run.terminate();
      await until(async () => {
        const descriptions = await Promise.all(children.map((child) => child.describe()));
        return descriptions.every(({ status }) => status.name === 'CANCELLED');
      });
    });
    expect(held.ended).toBe(2);
  });
});

describe('a run that fails', () => {
  it('has stopped its children when it has ended', async () => {
    const { downloadArchive } = standIns();
    const held = new Holding(1);
    const activities = standIns({
      downloadArchive: async (input) => {
        if (input.season === 'S2') await held.hold();
        return await downloadArchive(input);
      },
      unzipSeason: async () => {
        await held.allHeld();
        throw ApplicationFailure.nonRetryable('S1.zip tries to do harm.', 'ARCHIVE_HOSTILE');
      },
    });
    await withWorkers(environment(), activities, async () => {
      const run = await start({ seed: 53 });
      await expect(run.result()).rejects.toThrow();
      expect(held.ended).toBe(1);
    });
  });
});
