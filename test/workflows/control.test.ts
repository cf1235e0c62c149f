import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { UPDATES, type Standing } from '../../lib/contracts/control';
import { PROGRESS_QUERY, type RunProgress, type RunResult } from '../../lib/contracts/run';
import { command, resumeRun } from '../../runs/command';
import { RunWatcher } from '../../runs/snapshot';
import { FullDisk } from './fullDisk';
import { Holding } from './scenarios';
import { standIns, startRun, testServer, withWorkers } from './support';
import { until } from '../support/waiting';

const environment = testServer();

const start = (request: object = {}): Promise<WorkflowHandle> => startRun(environment(), request);

async function progressOf(handle: WorkflowHandle): Promise<RunProgress> {
  return await handle.query<RunProgress>(PROGRESS_QUERY);
}

/** Why an update was refused. */
async function refusalOf(update: Promise<unknown>): Promise<string> {
  const error = await update.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  return ((error as WorkflowUpdateFailedError).cause as Error).message;
}

describe('a run that is paused', () => {
  it('stops what is running, starts nothing, and goes on when it is resumed', async () => {
    const { trainHead } = standIns();
    const held = new Holding(1);
    const activities = standIns({
      trainHead: held.before(trainHead),
    });
    const { paused, later, result } = await withWorkers(environment(), activities, async () => {
      const handle = await start();
      await until(async () => held.begun === 1);
      const standing = await handle.executeUpdate<Standing, []>(UPDATES.pause);
      const progress = await progressOf(handle);
      await handle.executeUpdate(UPDATES.resume);
      return { paused: standing, later: progress, result: (await handle.result()) as RunResult };
    });
    expect(paused.condition).toBe('paused');
    expect(later).toMatchObject({
      condition: 'paused',
      steps: { train: { finished: 0 }, validate: { status: 'waiting' } },
    });
    expect([held.begun, held.ended]).toEqual([2, 1]);
    expect(result.model.kind).toBe('model');
  });

  it('stops its children too, and takes them up again', async () => {
    const { downloadArchive } = standIns();
    const held = new Holding(2);
    const activities = standIns({
      downloadArchive: held.before(downloadArchive),
    });
    const result = await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 11 });
      await until(async () => held.begun === 2);
      const { condition } = await handle.executeUpdate<Standing, []>(UPDATES.pause);
      expect(condition).toBe('paused');
      expect(held.ended).toBe(2);
      expect((await progressOf(handle)).children).toEqual([]);
      await handle.executeUpdate(UPDATES.resume);
      return (await handle.result()) as RunResult;
    });
    expect(held.begun).toBe(4);
    expect(result.bytes.fetched).toBe(4000);
  });

  it('stops the children that it began before it was reset', async () => {
    const { downloadArchive } = standIns();
    const held = new Holding(2);
    const activities = standIns({
      downloadArchive: held.before(downloadArchive),
    });
    await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 14 });
      const { workflowId } = handle;
      await until(async () => held.begun === 2);
      const { events } = await handle.fetchHistory();
      const firstTask = events!.find((event) => event.workflowTaskCompletedEventAttributes != null)!;
      const { connection, options } = environment().client;
      await connection.workflowService.resetWorkflowExecution({
        namespace: options.namespace,
        workflowExecution: { workflowId },
        workflowTaskFinishEventId: firstTask.eventId,
        requestId: 'reset',
      });
      const reset = environment().client.workflow.getHandle(workflowId);
      // At once: what awaits the children may not have begun yet.
      await until(async () => (await progressOf(reset)).children.length === 2);
      const { condition } = await reset.executeUpdate<Standing, []>(UPDATES.pause);
      expect([condition, held.ended]).toEqual(['paused', 2]);
      await reset.executeUpdate(UPDATES.resume);
      await reset.result();
      expect(held.begun).toBe(4);
    });
  });

  it('can be cancelled', async () => {
    const held = new Holding(1);
    const activities = standIns({
      pickFrames: async () => {
        await held.hold();
        throw new Error('not reached');
      },
    });
    const ending = await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 12 });
      await until(async () => held.begun === 1);
      await handle.executeUpdate(UPDATES.pause);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
      return (await handle.describe()).status.name;
    });
    expect(ending).toBe('CANCELLED');
  });
});

describe('a child that another run started', () => {
  it('obeys that run alone, and is started anew, with their own limit, by those that waited for it', async () => {
    const { downloadArchive } = standIns();
    const limits: (number | null | undefined)[] = [];
    const held = new Holding(2);
    const hold = held.before(downloadArchive);
    const activities = standIns({
      downloadArchive: (input) => {
        limits.push(input.bytesPerSecond);
        return hold(input);
      },
    });
    await withWorkers(environment(), activities, async () => {
      const first = await start({ seed: 61 });
      await until(async () => held.begun === 2);
      const second = await start({ seed: 62 });
      const { awaited, children } = await until(async () => {
        const seen = await progressOf(second);
        return seen.awaited.length === 2 && seen;
      });
      expect(awaited).toEqual(children.map((workflowId) => ({ workflowId, run: first.workflowId })));
      const limited = { args: [{ bytesPerSecond: 3_000_000 }] as [object] };
      const standing = await second.executeUpdate<Standing, [object]>(UPDATES.setBandwidth, limited);
      expect(standing.bytesPerSecond).toBe(3_000_000);
      const child = environment().client.workflow.getHandle(children[0]!);
      expect((await progressOf(child)).bytesPerSecond).toBeNull();
      await first.executeUpdate(UPDATES.pause);
      await second.result();
      await first.cancel();
    });
    expect(limits).toEqual([null, null, 3_000_000, 3_000_000]);
  });
});

describe('a part that somebody paused by itself', () => {
  it('is told by the status of the run, and goes on when the run is resumed', async () => {
    const { downloadArchive, trainHead } = standIns();
    const downloads = new Holding(2);
    const training = new Holding(1);
    const activities = standIns({
      downloadArchive: downloads.before(downloadArchive),
      trainHead: training.before(trainHead),
    });
    await withWorkers(environment(), activities, async () => {
      const { client } = environment();
      const handle = await start({ seed: 63 });
      const watcher = new RunWatcher(client);
      const pausedPart = (): Promise<string> =>
        until(async () => {
          const { waiting } = await watcher.snapshot(handle.workflowId);
          return waiting.find(({ code }) => code === 'PART_PAUSED')?.part;
        });
      await until(async () => downloads.begun === 2);
      const children = (await progressOf(handle)).children.map((id) => client.workflow.getHandle(id));
      for (const child of children) await child.executeUpdate(UPDATES.pause);
      expect(children.map(({ workflowId }) => workflowId)).toContain(await pausedPart());
      await resumeRun(client, handle.workflowId);
      await until(async () => training.begun === 1);
      await client.connection.workflowService.pauseActivity({
        namespace: client.options.namespace,
        execution: { workflowId: handle.workflowId },
        id: 'train',
      });
      expect(await pausedPart()).toBe('train');
      await until(async () => training.ended === 1);
      await resumeRun(client, handle.workflowId);
      expect(((await handle.result()) as RunResult).model.kind).toBe('model');
    });
  });
});

describe('what makes no sense now', () => {
  it('is refused with the reason, and leaves no trace in the history', async () => {
    const { trainHead } = standIns();
    const held = new Holding(1);
    const activities = standIns({
      trainHead: held.before(trainHead),
    });
    await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 13 });
      await until(async () => held.begun === 1);
      const { client } = environment();
      expect(await refusalOf(handle.executeUpdate(UPDATES.resume))).toContain('not paused');
      await expect(command(client, handle.workflowId, 'resume')).rejects.toMatchObject({ code: 'NOT_NOW' });
      expect(await refusalOf(handle.executeUpdate(UPDATES.retry))).toContain('Nothing waits');
      expect(
        await refusalOf(handle.executeUpdate(UPDATES.setBandwidth, { args: [{ bytesPerSecond: -1, unit: 'MB' }] })),
      ).toMatch(/bytesPerSecond.*\n.*unit/s);
      await handle.executeUpdate(UPDATES.pause);
      expect(await refusalOf(handle.executeUpdate(UPDATES.pause))).toContain('paused already');
      expect(await refusalOf(handle.executeUpdate(UPDATES.retry))).toContain('resume');
      await handle.executeUpdate(UPDATES.resume);
      await handle.result();
      await expect(command(client, handle.workflowId, 'pause')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
      const { events } = await handle.fetchHistory();
      const accepted = events!.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes != null);
      expect(accepted).toHaveLength(2);
    });
  });
});

describe('a failure that a person must repair', () => {
  it('waits with its reason and goes on at once when told to', async () => {
    const disk = new FullDisk();
    const activities = standIns({ indexSeason: disk.under(standIns().indexSeason) });
    const { waiting, result } = await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 21 });
      const progress = await until(async () => {
        const seen = await progressOf(handle);
        return seen.waiting.length === 2 && seen;
      });
      disk.makeRoom();
      await handle.executeUpdate(UPDATES.retry);
      return { waiting: progress, result: (await handle.result()) as RunResult };
    });
    expect(waiting.condition).toBe('waiting');
    // The seasons fail beside each other, in any order.
    expect(waiting.waiting.map(({ part }) => part).sort()).toEqual(['index:S1', 'index:S2']);
    for (const { message, nextAt, since, ...rest } of waiting.waiting) {
      expect(rest).toMatchObject({ step: 'index', code: 'DISK_FULL', failures: 1 });
      expect(message).toContain('needs 3 MB more');
      expect(nextAt - since).toBe(60_000);
    }
    expect(result.indexes).toHaveLength(2);
  });

  it('is retried in the children of a run too', async () => {
    const disk = new FullDisk();
    const activities = standIns({ unzipSeason: disk.under(standIns().unzipSeason) });
    await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 22 });
      const children = await until(async () => {
        const { children: ids } = await progressOf(handle);
        const waits = await Promise.all(
          ids.map(async (id) => (await progressOf(environment().client.workflow.getHandle(id))).waiting.length),
        );
        return waits.length === 2 && waits.every((count) => count === 1) && ids;
      });
      expect(children).toHaveLength(2);
      disk.makeRoom();
      await handle.executeUpdate(UPDATES.retry);
      await handle.result();
    });
  });

  it('shows in the details of the run, wherever it is', async () => {
    const disk = new FullDisk();
    const activities = standIns({ downloadArchive: disk.under(standIns().downloadArchive) });
    await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 23 });
      const details = await until(async () => {
        const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
        return currentDetails.includes('DISK') && currentDetails;
      });
      expect(details).toContain('**Waits for a repair**');
      expect(details).toContain('/store needs 3 MB more');
      expect(details).toContain('update `retry`');
      disk.makeRoom();
      await handle.executeUpdate(UPDATES.retry);
      await handle.result();
    });
  });
});

describe('a limit on downloads', () => {
  it('reaches downloads under way and those that begin later', async () => {
    const { downloadArchive, downloadMetadata } = standIns();
    const limits: (number | null | undefined)[] = [];
    const held = new Holding(2);
    const activities = standIns({
      downloadMetadata,
      downloadArchive: async (input) => {
        limits.push(input.bytesPerSecond);
        await held.hold();
        return await downloadArchive(input);
      },
    });
    await withWorkers(environment(), activities, async () => {
      const handle = await start({ seed: 31 });
      await until(async () => held.begun === 2);
      const standing = await handle.executeUpdate<Standing, [object]>(UPDATES.setBandwidth, {
        args: [{ bytesPerSecond: 2_000_000 }],
      });
      expect(standing.bytesPerSecond).toBe(2_000_000);
      await handle.result();
    });
    expect(limits).toEqual([null, null, 2_000_000, 2_000_000]);
  });
});
